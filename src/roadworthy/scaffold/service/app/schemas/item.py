"""What items look like from outside."""

from typing import Annotated

from pydantic import Field

from app.schemas.base import PageParams, RequestModel, RowRead, Text, unset

Title = Annotated[Text, Field(min_length=1, max_length=200)]
Description = Annotated[Text, Field(max_length=10_000)]


class ItemCreate(RequestModel):
    """A new item."""

    title: Title
    description: Description | None = None


class ItemUpdate(RequestModel):
    """A change: fields left out stay as they are."""

    title: Title = Field(default_factory=unset)
    description: Description | None = None


class ItemRead(RowRead):
    """An item as its owner sees it."""

    owner_id: int
    title: str
    description: str | None


class ItemFilters(PageParams):
    """Which items of the owner."""

    title: Title | None = None
