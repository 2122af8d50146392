"""The application: `uvicorn app.main:create_app --factory`."""

import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

from app.api import v1
from app.api.responses import EVERYWHERE, WITH_BODY, document, problems
from app.api.v1 import health
from app.core import errors, logging
from app.core.middleware import BodyLimit, RequestContext, TrustedHosts
from app.core.resources import open_resources
from app.core.settings import Environment, Settings, get_settings


def create_app(settings: Settings | None = None) -> FastAPI:
    """Return the application; it opens its resources when it starts."""
    settings = settings or get_settings()
    logging.configure(settings)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with open_resources(settings) as resources:
            app.state.resources = resources
            if not settings.is_development:
                # What is there now stays: the collector need not look at it again.
                gc.collect()
                gc.freeze()
            yield

    documented = settings.environment is not Environment.PRODUCTION
    app = FastAPI(
        title=settings.app_name,
        version="1.0.0",
        lifespan=lifespan,
        openapi_url="/openapi.json" if documented else None,
        responses=problems(*EVERYWHERE, *WITH_BODY),
        redirect_slashes=False,
    )
    app.openapi = partial(document, app)  # type: ignore[method-assign]
    v1.include(app)
    app.include_router(health.router)
    errors.add_handlers(app)
    add_middleware(app, settings)
    return app


def add_middleware(app: FastAPI, settings: Settings) -> None:
    """Wrap the application; what is added last sees each request first."""
    app.add_middleware(
        BodyLimit, max_bytes=settings.max_body_bytes, seconds=settings.body_seconds
    )
    app.add_middleware(
        CORSMiddleware,
        allow_origins=settings.cors_origins,
        allow_credentials=False,
        allow_methods=["GET", "POST", "PATCH", "DELETE"],
        allow_headers=["Authorization", "Content-Type", "X-Request-ID"],
        expose_headers=["X-Request-ID", "Retry-After"],
        max_age=600,
    )
    app.add_middleware(TrustedHosts, hosts=settings.allowed_hosts)
    app.add_middleware(RequestContext, https_only=not settings.is_development)
