# CORS that another module's setup adds
# file: app/__init__.py
# file: app/items.py
from fastapi import APIRouter

router = APIRouter(prefix="/items")


@router.post("")
async def create(name: str) -> str:
    return name
# file: app/setup.py
from fastapi import FastAPI
from starlette.middleware.cors import CORSMiddleware


class Setup:
    origins = ["https://shop.example.com"]

    @classmethod
    def add(cls, app: FastAPI) -> None:
        app.add_middleware(CORSMiddleware, allow_origins=cls.origins)
# file: app/main.py
from fastapi import FastAPI

from app import items
from app.setup import Setup

app = FastAPI()
Setup.add(app)
app.include_router(items.router, prefix="/api")
