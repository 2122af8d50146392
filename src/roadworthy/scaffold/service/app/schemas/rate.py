"""Exchange rates."""

from datetime import date
from typing import Annotated

from pydantic import BaseModel, Field

from app.schemas.base import ResponseModel

Currency = Annotated[str, Field(pattern=r"^[A-Z]{3}$")]


class RateAnswer(BaseModel):
    """What the other service answers."""

    date: date
    rates: dict[str, float]


class Rate(ResponseModel):
    """What a euro is worth in a currency."""

    currency: str
    date: date
    rate: float
