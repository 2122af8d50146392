"""RW204 loose-query-parameters."""

from __future__ import annotations

from collections.abc import Iterator

from roadworthy.findings import Finding
from roadworthy.rules import kinds
from roadworthy.rules.base import Rule
from roadworthy.rules.injection.functions import each_place
from roadworthy.rules.review import Review

RULE = Rule(
    code="RW204",
    name="loose-query-parameters",
    severity="advice",
    summary="Five or more query parameters on one route.",
    why=(
        "A long list of loose parameters is repeated in every route that filters "
        "alike, and rules between them (this one needs that one) have no place."
    ),
    instead=("Put them into one model and take it as `Annotated[Filters, Query()]`."),
    wrong="""\
from fastapi import FastAPI

app = FastAPI()


@app.get("/books")  # expect: RW204
async def list_books(
    title: str = "", author: str = "", year: int = 0, skip: int = 0, limit: int = 20
) -> list[str]:
    return []
""",
    right="""\
from typing import Annotated

from fastapi import FastAPI, Query
from pydantic import BaseModel

app = FastAPI()


class Filters(BaseModel):
    title: str = ""
    author: str = ""
    year: int = 0
    skip: int = 0
    limit: int = 20


@app.get("/books")
async def list_books(filters: Annotated[Filters, Query()]) -> list[str]:
    return []
""",
    references=("https://fastapi.tiangolo.com/tutorial/query-param-models/",),
)

_MANY = 5


def check(review: Review) -> Iterator[Finding]:
    """Flag handlers with many query parameters of their own."""
    for handler in each_place(review):
        if handler.is_websocket:
            continue
        names = [
            parameter.name
            for parameter in review.parameters(handler)
            if parameter.kind == "query"
            and not any(kinds.is_model(atom) for atom in parameter.plain_types)
        ]
        if len(names) >= _MANY:
            yield review.route_finding(
                RULE,
                handler,
                f"{handler.label} takes {len(names)} loose query parameters: "
                f"`{'`, `'.join(names)}`",
            )
