"""Cutting a page out of what a statement returned."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from app.db.base import Row

R = TypeVar("R", bound=Row)


@dataclass(frozen=True, slots=True)
class Slice(Generic[R]):
    """The rows of a page; `next` is the number after which the page to come begins."""

    items: Sequence[R]
    next: int | None


def cut(rows: Sequence[R], limit: int) -> Slice[R]:
    """Return the page of rows of which one more than `limit` were asked for."""
    if len(rows) <= limit:
        return Slice(rows, None)
    return Slice(rows[:limit], rows[limit - 1].id)
