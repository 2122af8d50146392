"""What requests, responses and pages have in common."""

from datetime import datetime
from typing import Annotated, Any, Final, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from app.db.types import MAX_ID

T = TypeVar("T")

MAX_PAGE: Final = 100

#: PostgreSQL stores no NUL character.
Text = Annotated[str, Field(pattern=r"^[^\u0000]*$")]
Flag = Annotated[bool, Field(strict=True)]
Id = Annotated[int, Field(ge=1, le=MAX_ID)]


def unset() -> Any:
    """Return the default of a field that may be left out, but not be null."""
    return None


class RequestModel(BaseModel):
    """A body: unknown fields are refused, not ignored."""

    model_config = ConfigDict(extra="forbid")


class ResponseModel(BaseModel):
    """An answer, filled from what the service returns."""

    model_config = ConfigDict(from_attributes=True)


class RowRead(ResponseModel):
    """What every stored row shows."""

    id: int
    created_at: datetime
    updated_at: datetime


class PageParams(BaseModel):
    """Which page: up to `limit` rows that come after the row numbered `after`."""

    model_config = ConfigDict(extra="forbid")

    limit: Annotated[int, Field(ge=1, le=MAX_PAGE)] = 50
    after: Annotated[int, Field(ge=0, le=MAX_ID)] = 0


class Page(ResponseModel, Generic[T]):
    """Rows in the order of their numbers; `next` is the `after` of the page to come."""

    items: list[T]
    next: int | None


class Message(ResponseModel):
    """A sentence for people."""

    message: str
