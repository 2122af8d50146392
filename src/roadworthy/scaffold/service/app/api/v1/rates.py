"""Exchange rates: an example of a route that calls another service."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path

from app.api.deps import get_rate_service
from app.api.responses import problems
from app.schemas.rate import Currency, Rate
from app.services.rates import RateService

router = APIRouter(prefix="/rates", tags=["rates"])


@router.get("/{currency}", response_model=Rate, responses=problems(404, 502, 504))
async def read_rate(
    currency: Annotated[Currency, Path()],
    rates: Annotated[RateService, Depends(get_rate_service)],
) -> Rate:
    """Read what a euro is worth today."""
    return await rates.euro_in(currency)
