# A version somewhere, nowhere, and routes that need none
# file: app/__init__.py
# file: app/items.py
from fastapi import APIRouter

router = APIRouter(prefix="/items")
ops = APIRouter()


@router.get("")
async def read() -> list[str]:
    return []


@ops.get("/health")
async def health() -> str:
    return "up"


@ops.post("/webhooks/stripe")
async def stripe() -> str:
    return "ok"


@ops.post("/auth/token")
async def token() -> str:
    return "token"
# file: app/main.py
from fastapi import FastAPI

from app import items

app = FastAPI()  # expect: RW409
app.include_router(items.router)
app.include_router(items.ops)

versioned = FastAPI()
versioned.include_router(items.router, prefix="/api/v1")
versioned.include_router(items.ops)
