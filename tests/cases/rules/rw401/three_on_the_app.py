# Three routes on the application, and any number on its routers
# file: app/__init__.py
# file: app/pens.py
from fastapi import APIRouter

router = APIRouter(prefix="/pens")


@router.get("")
async def read_pens() -> int:
    return 0


@router.post("")
async def add_pen() -> int:
    return 0


@router.put("")
async def put_pen() -> int:
    return 0


@router.delete("")
async def drop_pens() -> int:
    return 0
# file: app/main.py
from fastapi import FastAPI

from app import pens

app = FastAPI()
app.include_router(pens.router)


@app.get("/")
async def read_index() -> int:
    return 0


@app.get("/health")
async def read_health() -> int:
    return 0


@app.get("/version")
async def read_version() -> int:
    return 0
