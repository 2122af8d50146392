"""Probes and metrics: nothing that they tell matters outside."""

import secrets
from typing import Annotated

from fastapi import APIRouter, Depends, Response
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from app.api.deps import Shared, get_health_service
from app.api.responses import problems
from app.core import metrics
from app.core.errors import UnauthorizedError
from app.schemas.health import Health
from app.services.health import HealthService

router = APIRouter(tags=["health"])
scraper = HTTPBearer(auto_error=False)


@router.get("/health/live", response_model=Health)
async def live() -> Health:
    """Whether the process answers. It does, or this would not arrive."""
    return Health(status="ok")


@router.get("/health/ready", response_model=Health, responses=problems(503))
async def ready(
    health: Annotated[HealthService, Depends(get_health_service)],
) -> Health:
    """Whether the service can do its work: 503 while the database is gone."""
    return await health.check()


@router.get("/metrics", include_in_schema=False, response_class=Response)
async def read_metrics(
    shared: Shared,
    credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(scraper)],
) -> Response:
    """Metrics for Prometheus."""
    expected = shared.settings.metrics_token
    if expected is not None:
        given = credentials.credentials if credentials else ""
        if not secrets.compare_digest(
            given.encode(), expected.get_secret_value().encode()
        ):
            raise UnauthorizedError("The token is not valid.")
    body, media_type = metrics.render(shared.settings)
    return Response(body, media_type=media_type)
