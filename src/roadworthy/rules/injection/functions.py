"""The functions that handle routes, and those that these depend on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from roadworthy.rules.files import FunctionNode
from roadworthy.rules.handlers import Handler
from roadworthy.values.program import FunctionInfo

if TYPE_CHECKING:
    from roadworthy.rules.review import Review


def each_function(review: Review) -> Iterator[Handler]:
    """Yield one handler for each function, however many routes it is declared for."""
    seen: set[FunctionNode] = set()
    for handler in review.handlers():
        if handler.node not in seen:
            seen.add(handler.node)
            yield handler


def each_place(review: Review) -> Iterator[Handler]:
    """Yield one handler for each place that declares routes.

    A function that makes routers declares the same ones again for each of them.
    """
    seen: set[tuple[object, int, FunctionNode]] = set()
    for handler in review.handlers():
        key = (handler.place.module, handler.place.packed, handler.node)
        if key not in seen:
            seen.add(key)
            yield handler


def dependency_functions(review: Review) -> dict[FunctionInfo, Handler]:
    """Return the functions that the routes depend on, each with one of its routes."""
    found: dict[FunctionInfo, Handler] = {}
    for handler in review.handlers():
        for route in handler.routes:
            for use in review.dependencies(route):
                for function in use.functions:
                    found.setdefault(function.function, handler)
    return found
