# A service of several modules whose setup adds no CORS middleware
# file: app/__init__.py
# file: app/items.py
from fastapi import APIRouter

router = APIRouter(prefix="/items")


@router.post("")
async def create(name: str) -> str:
    return name
# file: app/setup.py
from fastapi import FastAPI
from fastapi.middleware.gzip import GZipMiddleware


def add_middleware(app: FastAPI) -> None:
    app.add_middleware(GZipMiddleware)
# file: app/main.py
from fastapi import FastAPI  # expect: RW605

from app import items, setup

app = FastAPI()
setup.add_middleware(app)
app.include_router(items.router, prefix="/api")
