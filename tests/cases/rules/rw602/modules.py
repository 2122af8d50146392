# A service of several modules with writing routes and no scheme anywhere
# file: app/__init__.py
# file: app/items.py
from fastapi import APIRouter

router = APIRouter(prefix="/items")


@router.post("")
async def create(name: str) -> str:
    return name
# file: app/main.py
from fastapi import FastAPI  # expect: RW602

from app import items


def create_app() -> FastAPI:
    made = FastAPI()
    made.include_router(items.router, prefix="/api")
    return made


app = create_app()
