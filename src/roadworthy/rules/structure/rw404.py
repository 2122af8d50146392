"""RW404 schema-in-router."""

from __future__ import annotations

from collections.abc import Iterator

from roadworthy.findings import Finding
from roadworthy.rules import kinds
from roadworthy.rules.base import Rule
from roadworthy.rules.review import Review
from roadworthy.rules.structure.modules import (
    applications,
    routing_files,
    small_files,
)
from roadworthy.values.atoms import ClassAtom, intern
from roadworthy.values.program import ClassInfo

RULE = Rule(
    code="RW404",
    name="schema-in-router",
    severity="advice",
    advice=True,
    summary="A schema or table model is defined among the routes.",
    why=(
        "Other layers that need the schema must import the router for it, which turns "
        "the layers upside down and ends in import cycles; and a reader looks for "
        "schemas where the other ones are."
    ),
    instead="Move Pydantic models to `schemas/` and table models to `models/`.",
    wrong="""\
# file: app/__init__.py
# file: app/pens.py
from fastapi import APIRouter
from pydantic import BaseModel

router = APIRouter()


class Pen(BaseModel):  # expect: RW404
    colour: str


@router.post("/pens")
async def add_pen(pen: Pen) -> Pen:
    return pen
# file: app/main.py
from fastapi import FastAPI

from app.pens import router

app = FastAPI()
app.include_router(router)
""",
    right="""\
# file: app/__init__.py
# file: app/schemas.py
from pydantic import BaseModel


class Pen(BaseModel):
    colour: str
# file: app/pens.py
from fastapi import APIRouter

from app.schemas import Pen

router = APIRouter()


@router.post("/pens")
async def add_pen(pen: Pen) -> Pen:
    return pen
# file: app/main.py
from fastapi import FastAPI

from app.pens import router

app = FastAPI()
app.include_router(router)
""",
    references=("https://fastapi.tiangolo.com/tutorial/bigger-applications/",),
)


def check(review: Review) -> Iterator[Finding]:
    """Flag models in modules that declare routes or create the application."""
    small = small_files(review)
    main = {file for _, file in applications(review)}
    for file in sorted(routing_files(review) | main, key=lambda f: f.relative):
        if file in small:
            continue
        for node, cls in review.classes(file):
            kind = _kind(cls)
            if kind is not None:
                yield review.finding(
                    RULE, file, node, f"{kind} `{cls.name}` is defined among the routes"
                )


def _kind(cls: ClassInfo) -> str | None:
    atom = intern(ClassAtom, cls, ())
    if kinds.is_settings(atom):
        return None
    if kinds.is_table_model(atom):
        return "the table model"
    # `class Base(SQLModel)` with a table below it is a declarative base, no schema.
    if kinds.is_model(atom) and cls.annotations:
        return "the schema"
    return "the schema" if kinds.is_model(atom) and _is_specific(cls) else None


def _is_specific(cls: ClassInfo) -> bool:
    """Whether a model without fields of its own inherits some: it is no mere base."""
    return any(isinstance(base, ClassInfo) and base.annotations for base in cls.mro[1:])
