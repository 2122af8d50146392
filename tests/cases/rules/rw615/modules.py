# Writing routes, and no exception handler in any module
# file: app/__init__.py
# file: app/items.py
from fastapi import APIRouter

router = APIRouter(prefix="/items")


@router.post("")
async def create(name: str) -> str:
    return name
# file: app/main.py
from fastapi import FastAPI  # expect: RW615

from app import items

app = FastAPI()
app.include_router(items.router, prefix="/api")
