"""Which modules an application is made of, and which of them declare routes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from roadworthy.app.model import Router
from roadworthy.rules import imports
from roadworthy.rules.files import ReviewedFile
from roadworthy.rules.structure.graph import imports_of

if TYPE_CHECKING:
    from roadworthy.rules.review import Review
    from roadworthy.values.program import Module

SMALL = 100
"""An application of one file with fewer lines than this needs no layers."""


def applications(review: Review) -> Iterator[tuple[Router, ReviewedFile]]:
    """Yield the `FastAPI` objects with their files, one for each place in the code.

    Of objects that are made in the branches of a condition and then given the same
    routes, only the first is yielded.
    """
    seen: set[object] = set()
    for router in review.applications:
        if router.path != "fastapi.FastAPI":
            continue
        file = review.file_of(router.place.module)
        if file is None or not review.is_application_file(file):
            continue
        key = (file.relative, router.place.position.line)
        added = frozenset((i.place.module, i.place.packed) for i in router.order)
        same = (file.relative, added)
        if key not in seen and not (added and same in seen):
            seen.update((key, same))
            yield router, file


def modules_of(review: Review, application: Router) -> list[ReviewedFile]:
    """Return the application's files: those that its module reaches by imports."""
    return list(review.once(_reached_from, application.place.module))


def _reached_from(review: Review, start: Module) -> tuple[ReviewedFile, ...]:
    reached = imports.reached(review.evaluator, [start])
    return tuple(file for file in review.files if file.path in reached)


def is_small(review: Review, application: Router) -> bool:
    """Whether an application is one file of less than 100 lines."""
    file = review.file_of(application.place.module)
    return (
        file is not None
        and _length(file) < SMALL
        and not any(edge.target.tree.body for edge in imports_of(review, file))
    )


def _length(file: ReviewedFile) -> int:
    lines = file.lines
    return len(lines) - 1 if lines and not lines[-1].strip() else len(lines)


def small_files(review: Review) -> frozenset[ReviewedFile]:
    """Return the files of the applications that are small."""
    return frozenset(
        file for router, file in applications(review) if is_small(review, router)
    )


def routing_files(review: Review) -> frozenset[ReviewedFile]:
    """Return the application files in which routes are declared."""
    found: set[ReviewedFile] = set()
    for route in review.routes:
        file = review.file_of(route.declaration.place.module)
        if file is not None and review.is_application_file(file):
            found.add(file)
    return frozenset(found)
