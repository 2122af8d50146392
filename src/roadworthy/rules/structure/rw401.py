"""RW401 routes-on-app."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from roadworthy.findings import Finding, Fix
from roadworthy.fixes import routers
from roadworthy.rules.base import Rule
from roadworthy.rules.review import Review
from roadworthy.rules.structure.modules import applications, is_small

RULE = Rule(
    code="RW401",
    name="routes-on-app",
    severity="warning",
    summary="Many path operations are declared on the `FastAPI` object itself.",
    why=(
        "Routes on the application can be given no prefix, tags or dependencies as a "
        "group, every module that adds one must import the application, and the main "
        "module grows with each feature until nobody dares to change it."
    ),
    instead=(
        "Declare the routes on `APIRouter`s in modules under `api/`, one a resource, and "
        "`include_router` them where the application is created."
    ),
    wrong="""\
# file: app/__init__.py
# file: app/stock.py
LEVELS = {"pen": 3}
# file: app/main.py
from fastapi import FastAPI

from app.stock import LEVELS

app = FastAPI()  # expect: RW401


@app.get("/pens")
async def read_pens() -> int:
    return LEVELS["pen"]


@app.post("/pens")
async def add_pen() -> int:
    return 1


@app.get("/inks")
async def read_inks() -> int:
    return 0


@app.delete("/inks")
async def drop_inks() -> int:
    return 0
""",
    right="""\
# file: app/__init__.py
# file: app/api/__init__.py
# file: app/api/pens.py
from fastapi import APIRouter

router = APIRouter(prefix="/pens", tags=["pens"])


@router.get("")
async def read_pens() -> int:
    return 3


@router.post("")
async def add_pen() -> int:
    return 1


@router.put("/{pen_id}")
async def change_pen(pen_id: int) -> int:
    return pen_id


@router.delete("/{pen_id}")
async def drop_pen(pen_id: int) -> int:
    return pen_id
# file: app/main.py
from fastapi import FastAPI

from app.api import pens

app = FastAPI()
app.include_router(pens.router)
""",
    fixed="""\
# file: app/__init__.py
# file: app/api/__init__.py
# file: app/api/inks.py
from fastapi import APIRouter

router = APIRouter()


@router.get("/inks")
async def read_inks() -> int:
    return 0


@router.delete("/inks")
async def drop_inks() -> int:
    return 0
# file: app/api/pens.py
from fastapi import APIRouter

from app.stock import LEVELS

router = APIRouter()


@router.get("/pens")
async def read_pens() -> int:
    return LEVELS["pen"]


@router.post("/pens")
async def add_pen() -> int:
    return 1
# file: app/stock.py
LEVELS = {"pen": 3}
# file: app/main.py
from fastapi import FastAPI

from app.api import inks, pens

app = FastAPI()  # expect: RW401

app.include_router(inks.router)
app.include_router(pens.router)
""",
    fix_summary="Moves the routes into `APIRouter` modules under `api/`, one for each first tag or first segment of the path; definitions that only they use go along, those of several go to `api/shared.py`. Handlers that use the application itself stay. Unsafe: what patches or imports a handler by its old module no longer meets it.",
    fix_safe=False,
    references=("https://fastapi.tiangolo.com/tutorial/bigger-applications/",),
)

_MANY = 4


def check(review: Review) -> Iterator[Finding]:
    """Flag applications with four or more path operations of their own."""
    for application, file in applications(review):
        places = {
            (route.place.module, route.place.position)
            for route in application.routes
            if (other := review.file_of(route.place.module)) is not None
            and review.is_application_file(other)
        }
        if len(places) < _MANY or is_small(review, application):
            continue
        yield review.finding(
            RULE,
            file,
            application.place,
            f"{len(places)} path operations are declared on the application itself",
        )


def fix(review: Review, finding: Finding) -> Fix | None:
    """Move the routes into routers, as far as few enough are left on the application."""
    for application, file in applications(review):
        position = application.place.position
        if file.relative != finding.path or position.line != finding.line:
            continue
        module = application.place.module
        if module.is_package or file.source is None:
            return None
        for node in file.tree.body:
            if (
                isinstance(node, ast.Assign)
                and node.value.lineno == position.line
                and len(node.targets) == 1
                and isinstance(node.targets[0], ast.Name)
            ):
                return routers.split(
                    file, module.name, node.targets[0].id, review.all_files, _MANY - 1
                )
    return None
