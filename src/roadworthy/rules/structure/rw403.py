"""RW403 query-in-route."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from roadworthy.findings import Finding
from roadworthy.rules.base import Rule
from roadworthy.rules.handlers import Handler
from roadworthy.rules.review import Review
from roadworthy.rules.structure.queries import own_queries

RULE = Rule(
    code="RW403",
    name="query-in-route",
    severity="advice",
    advice=True,
    summary="A handler builds and runs database queries itself.",
    why=(
        "A query that stands in a handler can be used by no other route, task or "
        "script, can be tested only through HTTP, and is written anew, slightly "
        "different, wherever it is needed again."
    ),
    instead=(
        "Move the query to a function in `crud/` (or a repository) that takes the "
        "session, and call that."
    ),
    wrong="""\
from typing import Annotated

from fastapi import Depends, FastAPI
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

app = FastAPI()
factory = async_sessionmaker(create_async_engine("sqlite+aiosqlite://"))


class Base(DeclarativeBase):
    pass


class Pen(Base):
    __tablename__ = "pens"
    id: Mapped[int] = mapped_column(primary_key=True)
    colour: Mapped[str]


async def get_db():
    async with factory() as session:
        yield session


@app.get("/pens")  # expect: RW403
async def read_pens(
    colour: str, db: Annotated[AsyncSession, Depends(get_db)]
) -> list[int]:
    found = await db.scalars(select(Pen).where(Pen.colour == colour))
    return [pen.id for pen in found]
""",
    right="""\
from typing import Annotated

from fastapi import Depends, FastAPI
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

app = FastAPI()
factory = async_sessionmaker(create_async_engine("sqlite+aiosqlite://"))


class Base(DeclarativeBase):
    pass


class Pen(Base):
    __tablename__ = "pens"
    id: Mapped[int] = mapped_column(primary_key=True)
    colour: Mapped[str]


async def get_db():
    async with factory() as session:
        yield session


async def pens_of_colour(db: AsyncSession, colour: str) -> list[Pen]:
    return list(await db.scalars(select(Pen).where(Pen.colour == colour)))


@app.get("/pens")
async def read_pens(
    colour: str, db: Annotated[AsyncSession, Depends(get_db)]
) -> list[int]:
    return [pen.id for pen in await pens_of_colour(db, colour)]
""",
    references=("https://fastapi.tiangolo.com/tutorial/bigger-applications/",),
)


def check(review: Review) -> Iterator[Finding]:
    """Flag handlers with queries of their own; one lookup by key is none."""
    for handler in _by_function(review):
        if not review.is_application_file(handler.file):
            continue
        queries, lookups = own_queries(review, handler.file, handler.node)
        count = len(queries) + len(lookups)
        if queries or len(lookups) > 1:
            what = "a database query" if count == 1 else f"{count} database queries"
            yield review.route_finding(
                RULE, handler, f"`{handler.node.name}` builds and runs {what} itself"
            )


def _by_function(review: Review) -> list[Handler]:
    """Return one handler for each function, that of its first decorator."""
    first: dict[ast.AST, Handler] = {}
    for handler in review.handlers():
        known = first.get(handler.node)
        if known is None or (
            handler.place.module is known.place.module
            and handler.place.position.line < known.place.position.line
        ):
            first[handler.node] = handler
    return list(first.values())
