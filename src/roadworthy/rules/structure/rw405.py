"""RW405 layer-violation."""

from __future__ import annotations

from collections.abc import Iterator

from roadworthy.findings import Finding
from roadworthy.rules.base import Rule
from roadworthy.rules.files import ReviewedFile
from roadworthy.rules.review import Review
from roadworthy.rules.structure.graph import (
    Import,
    cycles,
    imports_of,
    is_package_of,
)
from roadworthy.rules.structure.layers import (
    assembling_files,
    is_data_layer,
    router_layer,
)

RULE = Rule(
    code="RW405",
    name="layer-violation",
    severity="warning",
    summary="A lower layer imports from the routers, or an import cycle runs through them.",
    why=(
        "Routers stand on models, schemas and data access. Where these import from a "
        "router, neither can be used, tested or moved without the other, and a cycle "
        "works only as long as the modules happen to be imported in one order."
    ),
    instead=(
        "Move what both need to a module below (`schemas/`, `crud/`, `core/`) and import "
        "it from there in both."
    ),
    wrong="""\
# file: app/__init__.py
# file: app/api.py
from fastapi import APIRouter

router = APIRouter()
DEFAULT_COLOUR = "blue"


@router.get("/pens")
async def read_pens() -> list[str]:
    return []
# file: app/crud.py
from app.api import DEFAULT_COLOUR  # expect: RW405


def colours() -> list[str]:
    return [DEFAULT_COLOUR]
# file: app/main.py
from fastapi import FastAPI

from app import api, crud

app = FastAPI()
app.include_router(api.router)
COLOURS = crud.colours()
""",
    right="""\
# file: app/__init__.py
# file: app/crud.py
DEFAULT_COLOUR = "blue"


def colours() -> list[str]:
    return [DEFAULT_COLOUR]
# file: app/api.py
from fastapi import APIRouter

from app import crud

router = APIRouter()


@router.get("/pens")
async def read_pens() -> list[str]:
    return crud.colours()
# file: app/main.py
from fastapi import FastAPI

from app import api

app = FastAPI()
app.include_router(api.router)
""",
    references=("https://fastapi.tiangolo.com/tutorial/bigger-applications/",),
)


def check(review: Review) -> Iterator[Finding]:
    """Flag imports of the router layer from below, and those that close a cycle."""
    layer = router_layer(review)
    above = assembling_files(review)
    edges = [edge for file in review.files for edge in imports_of(review, file)]
    knots = cycles(edges)
    flagged: set[tuple[ReviewedFile, ReviewedFile]] = set()
    through = {knots[file] for file in layer if file in knots}
    """The knots that run through the router layer."""
    pending: dict[int, list[Import]] = {}
    told: set[int] = set()
    for edge in edges:
        knot = knots.get(edge.source)
        if knot not in through or knot != knots.get(edge.target):
            knot = None
        if (
            edge.source in layer
            or edge.source in above
            or is_package_of(edge.source, edge.target)
        ):
            if knot is not None and (edge.target in layer or _is_up(edge, above)):
                pending.setdefault(knot, []).append(edge)
            continue
        if edge.target not in layer and not (knot is not None and edge.target in above):
            continue
        if knot is not None:
            told.add(knot)
        elif not is_data_layer(review, edge.source):
            continue
        key = (edge.source, edge.target)
        if key not in flagged:
            flagged.add(key)
            yield _finding(review, edge, knot is not None)
    # Cycles within the router layer alone: the import that leads back up.
    for knot, within in pending.items():
        if knot in told:
            continue
        for edge in _back(within, above):
            yield _finding(review, edge, True)


def _is_up(edge: Import, above: frozenset[ReviewedFile]) -> bool:
    """Whether an import leads to what puts the routers together."""
    return edge.target in above or is_package_of(edge.target, edge.source)


def _finding(review: Review, edge: Import, in_cycle: bool) -> Finding:
    target = edge.target.relative
    message = (
        f"an import cycle runs through `{target}`, a module of the router layer"
        if in_cycle
        else f"imports from `{target}`, a module of the router layer"
    )
    return review.finding(RULE, edge.source, edge.node, message)


def _back(edges: list[Import], above: frozenset[ReviewedFile]) -> list[Import]:
    up = [edge for edge in edges if _is_up(edge, above) and edge.source not in above]
    if up:
        return up
    lazy = [edge for edge in edges if edge.is_lazy]
    return lazy or edges[-1:]
