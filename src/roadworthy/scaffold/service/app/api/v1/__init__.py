"""Version 1 of the API: every router, and what holds for all of them."""

from typing import Final

from fastapi import APIRouter, Depends, FastAPI

from app.api.deps import api_limit
from app.api.v1 import auth, items, rates, users

PREFIX: Final = "/api/v1"
#: What is asked for most comes first: requests are matched in this order.
ROUTERS: Final[tuple[APIRouter, ...]] = (
    items.router,
    users.router,
    auth.router,
    rates.router,
)


def include(app: FastAPI) -> None:
    """Include every router; one inside another would be matched several times."""
    for router in ROUTERS:
        app.include_router(router, prefix=PREFIX, dependencies=[Depends(api_limit)])
