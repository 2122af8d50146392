# An application made by a factory that includes routers made by factories.
# file: service/__init__.py
# file: service/app.py
from fastapi import FastAPI

from service.routes import make_router


def create_app() -> FastAPI:
    app = FastAPI()
    app.include_router(make_router("v1"), prefix="/api")

    @app.get("/health")
    async def health() -> str:
        return check()  # expect: RW303

    return app


def check() -> str:
    import time

    time.sleep(0.1)
    return "ok"
# file: service/routes.py
import time

from fastapi import APIRouter


def make_router(version: str) -> APIRouter:
    router = APIRouter(prefix=f"/{version}")

    @router.get("/slow")
    async def slow() -> str:
        time.sleep(0.1)  # expect: RW303
        return version

    async def not_a_route() -> str:
        time.sleep(0.1)
        return version

    return router
# file: main.py
from service.app import create_app

app = create_app()
