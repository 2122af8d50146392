"""The bookshop's application."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from app.api.v1 import router
from app.core.config import settings
from app.db.session import SessionLocal
from app.services.audit import AuditLog
from fastapi import FastAPI, Request, Response
from fastapi.middleware.cors import CORSMiddleware


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    with open(settings.genres_file, encoding="utf-8") as stream:
        app.state.genres = json.load(stream)
    yield


def create_app() -> FastAPI:
    app = FastAPI(title=settings.title, lifespan=lifespan)
    app.add_middleware(
        CORSMiddleware, allow_origins=settings.origins, allow_methods=["*"]
    )
    audit = AuditLog(SessionLocal)

    @app.middleware("http")
    async def log_request(
        request: Request, call_next: Callable[[Request], Awaitable[Response]]
    ) -> Response:
        response = await call_next(request)
        if request.method != "GET":
            audit.record(request.method, request.url.path, response.status_code)
        return response

    app.include_router(router, prefix="/api/v1")
    return app


app = create_app()
