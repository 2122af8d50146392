# Pages of the documentation that the application serves in FastAPI's place
# file: main.py
from typing import Any

from fastapi import APIRouter, Depends, FastAPI, HTTPException
from fastapi.openapi.docs import get_redoc_html, get_swagger_ui_html
from fastapi.openapi.utils import get_openapi
from fastapi.responses import HTMLResponse


def require_login() -> None:
    raise HTTPException(401)


def create_app() -> FastAPI:
    made = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    docs = APIRouter(dependencies=[Depends(require_login)])

    @docs.get("/docs", include_in_schema=False)
    async def swagger() -> HTMLResponse:
        return get_swagger_ui_html(openapi_url="/openapi.json", title="docs")

    @docs.get("/redoc", include_in_schema=False)
    async def redoc() -> HTMLResponse:
        return get_redoc_html(openapi_url="/openapi.json", title="docs")

    @docs.get("/openapi.json", include_in_schema=False)
    async def openapi() -> dict[str, Any]:
        found: dict[str, Any] = get_openapi(
            title=made.title, version=made.version, routes=made.routes
        )
        return found

    @docs.get("/guide", include_in_schema=False)  # expect: RW701
    async def guide() -> HTMLResponse:
        return HTMLResponse("<h1>How to</h1>")

    @docs.get("/ping")
    async def ping() -> str:
        return "pong"

    made.include_router(docs)
    return made


app = create_app()
# file: test_main.py
from fastapi.testclient import TestClient

from main import app


def test_ping() -> None:
    assert TestClient(app).get("/ping").status_code == 401
