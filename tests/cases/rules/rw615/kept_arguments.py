# Handlers among arguments that a factory is given
# file: app/__init__.py
# file: app/errors.py
from fastapi import Request
from fastapi.responses import JSONResponse


class ShopError(Exception):
    pass


async def answer(request: Request, error: Exception) -> JSONResponse:
    return JSONResponse({"detail": "no"}, status_code=409)
# file: app/main.py
from typing import Any

from fastapi import FastAPI

from app.errors import ShopError, answer
from app.routes import add_routes


def build(options: dict[str, Any] | None = None) -> FastAPI:
    options = options or {}
    app = FastAPI(title="shop", **options)
    add_routes(app)
    return app


app = build({"exception_handlers": {ShopError: answer}})
# file: app/routes.py
from fastapi import APIRouter, FastAPI

router = APIRouter()


@router.post("/items")
async def create(name: str) -> str:
    return name


def add_routes(app: FastAPI) -> None:
    app.include_router(router)
