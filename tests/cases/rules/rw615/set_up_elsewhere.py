# Handlers registered by another module
# file: app/__init__.py
# file: app/items.py
from fastapi import APIRouter

router = APIRouter(prefix="/items")


@router.post("")
async def create(name: str) -> str:
    return name
# file: app/errors.py
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse


class ShopError(Exception):
    pass


def register(app: FastAPI) -> None:
    @app.exception_handler(ShopError)
    async def on_error(request: Request, error: ShopError) -> JSONResponse:
        return JSONResponse({"detail": "failed"}, status_code=400)
# file: app/main.py
from fastapi import FastAPI

from app import errors, items

app = FastAPI()
errors.register(app)
app.include_router(items.router, prefix="/api")
