"""Cutting a page out of what a statement returned."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.db.reader import ReadRow


@dataclass(frozen=True, slots=True)
class Slice:
    """The rows of a page; `next` is the number after which the page to come begins."""

    items: Sequence[ReadRow]
    next: int | None


def cut(rows: Sequence[ReadRow], limit: int) -> Slice:
    """Return the page of rows of which one more than `limit` were asked for."""
    if len(rows) <= limit:
        return Slice(rows, None)
    return Slice(rows[:limit], rows[limit - 1]["id"])
