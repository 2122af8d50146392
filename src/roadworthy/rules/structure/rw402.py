"""RW402 layout."""

from __future__ import annotations

from collections.abc import Iterator

from roadworthy.findings import Finding
from roadworthy.rules.base import Rule
from roadworthy.rules.files import ReviewedFile
from roadworthy.rules.review import Review
from roadworthy.rules.structure.modules import applications, modules_of
from roadworthy.rules.structure.roles import PLACES, is_recognisable, roles

_MODULES = "".join(
    f"""\
# file: shop/{name}.py
VALUE = {number}
"""
    for number, name in enumerate(
        ("ink", "nib", "cap", "clip", "box", "ribbon", "label", "string")
    )
)
_IMPORTS = "from shop import box, cap, clip, ink, label, nib, ribbon, string"

RULE = Rule(
    code="RW402",
    name="layout",
    severity="advice",
    advice=True,
    summary="An application of many modules without recognisable places for its parts.",
    why=(
        "Where routers, configuration, database, models, schemas and data access have no "
        "places of their own, each new feature is put wherever its author looked last, "
        "and everyone searches for everything."
    ),
    instead=(
        "Give each part its place: `api/`, `core/config.py`, `db/`, `models/`, "
        "`schemas/`, `crud/`; or a package a feature, each with its own router, schemas "
        "and models."
    ),
    wrong=f"""\
# file: shop/__init__.py
{_MODULES}# file: shop/pens.py
from fastapi import APIRouter
from pydantic import BaseModel

{_IMPORTS}

router = APIRouter()
ALL = [box, cap, clip, ink, label, nib, ribbon, string]


class Pen(BaseModel):
    colour: str


@router.get("/pens")
async def read_pens() -> list[Pen]:
    return []
# file: shop/values.py
from pydantic_settings import BaseSettings


class Values(BaseSettings):
    name: str = "pens"
# file: shop/start.py
from fastapi import FastAPI  # expect: RW402

from shop import pens, values

app = FastAPI(title=values.Values().name)
app.include_router(pens.router)
""",
    right=f"""\
# file: shop/__init__.py
{_MODULES}# file: shop/pens/__init__.py
# file: shop/pens/schemas.py
from pydantic import BaseModel


class Pen(BaseModel):
    colour: str
# file: shop/pens/router.py
from fastapi import APIRouter

{_IMPORTS}
from shop.pens.schemas import Pen

router = APIRouter()
ALL = [box, cap, clip, ink, label, nib, ribbon, string]


@router.get("/pens")
async def read_pens() -> list[Pen]:
    return []
# file: shop/config.py
from pydantic_settings import BaseSettings


class Values(BaseSettings):
    name: str = "pens"
# file: shop/main.py
from fastapi import FastAPI

from shop import config
from shop.pens import router

app = FastAPI(title=config.Values().name)
app.include_router(router.router)
""",
    references=("https://fastapi.tiangolo.com/tutorial/bigger-applications/",),
)

_MANY = 10


def check(review: Review) -> Iterator[Finding]:
    """Flag the largest application if two parts of it, or all, have no place."""
    if _count(list(review.files)) <= _MANY:
        return
    largest: tuple[list[ReviewedFile], ReviewedFile] | None = None
    candidates = list(applications(review))
    for application, file in candidates:
        files = (
            list(review.files)
            if len(candidates) == 1
            else modules_of(review, application)
        )
        if largest is None or len(files) > len(largest[0]):
            largest = files, file
    if largest is None or _count(largest[0]) <= _MANY:
        return
    files, file = largest
    count = _count(files)
    present = {role: held for role, held in roles(review, files).items() if held}
    missing = [
        role for role, held in present.items() if not is_recognisable(role, held)
    ]
    if not missing or (len(missing) < 2 and len(present) > 1):
        return
    yield review.finding(
        RULE,
        file,
        1,
        f"{count} modules, and no recognisable place for {_listed(missing)}",
        instead=_layout(missing, present),
    )


def _count(files: list[ReviewedFile]) -> int:
    return sum(not file.relative.endswith("__init__.py") for file in files)


def _listed(parts: list[str]) -> str:
    if len(parts) == 1:
        return parts[0]
    return f"{', '.join(parts[:-1])} and {parts[-1]}"


def _layout(missing: list[str], present: dict[str, dict[ReviewedFile, int]]) -> str:
    """Return where the modules of each missing part belong."""
    places = [
        f"{', '.join(sorted(f.relative for f in present[role]))} → `{PLACES[role]}`"
        for role in missing
    ]
    return f"{RULE.instead} Here: {'; '.join(places)}."
