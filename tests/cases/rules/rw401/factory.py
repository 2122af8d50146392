# Path operations on the object that a factory makes, and on a router beside it
# file: app/__init__.py
# file: app/handlers.py
async def one() -> str:
    return "one"
# file: app/main.py
from fastapi import APIRouter, FastAPI

from app import handlers

router = APIRouter()


@router.get("/r1")
async def r1() -> str:
    return "r1"


def create_app() -> FastAPI:
    app = FastAPI()  # expect: RW401
    app.include_router(router)

    @app.get("/a")
    async def a() -> str:
        return "a"

    @app.post("/b")
    async def b() -> str:
        return "b"

    app.add_api_route("/one", handlers.one)
    app.api_route("/two", methods=["GET"])(handlers.one)
    return app


app = create_app()
