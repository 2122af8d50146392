"""RW408 duplicate-route."""

from __future__ import annotations

from collections.abc import Iterator

from roadworthy.findings import Finding
from roadworthy.rules.base import Rule
from roadworthy.rules.review import Review
from roadworthy.rules.structure.paths import (
    MatchedRoute,
    groups,
    may_both_exist,
    readable,
)

RULE = Rule(
    code="RW408",
    name="duplicate-route",
    severity="error",
    summary="The same method and path is declared twice.",
    why=(
        "Only the first declaration ever answers. The second is dead code that looks "
        "alive: it is documented, reviewed and changed, and nothing happens."
    ),
    instead="Remove one of the two, or give it a path of its own.",
    wrong="""\
from fastapi import FastAPI

app = FastAPI()


@app.get("/users")
async def read_users() -> list[str]:
    return []


@app.get("/users")  # expect: RW408
async def list_users() -> list[str]:
    return ["a"]
""",
    right="""\
from fastapi import FastAPI

app = FastAPI()


@app.get("/users")
async def read_users() -> list[str]:
    return []


@app.get("/users/names")
async def list_users() -> list[str]:
    return ["a"]
""",
    references=("https://fastapi.tiangolo.com/tutorial/path-params/#order-matters",),
)


def check(review: Review) -> Iterator[Finding]:
    """Flag each declaration whose method and path were declared before."""
    flagged: set[object] = set()
    for routes in groups(review):
        seen: dict[tuple[str, str], list[MatchedRoute]] = {}
        for route in routes:
            place = route.declaration.place
            for method in route.methods:
                known = seen.setdefault((method, route.path), [])
                file = review.file_of(place.module)
                if (
                    place not in flagged
                    and file is not None
                    and any(
                        earlier.declaration.place != place
                        and may_both_exist(review, earlier, route)
                        for earlier in known
                    )
                ):
                    flagged.add(place)
                    yield review.finding(
                        RULE,
                        file,
                        place,
                        f"`{method} {readable(route.path)}` is declared before already",
                    )
                known.append(route)
