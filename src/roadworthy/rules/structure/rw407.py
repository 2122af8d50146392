"""RW407 shadowed-route."""

from __future__ import annotations

from collections.abc import Iterator

from roadworthy.findings import Finding
from roadworthy.rules.base import Rule
from roadworthy.rules.review import Review
from roadworthy.rules.structure.paths import (
    MatchedRoute,
    covers,
    groups,
    may_both_exist,
    readable,
)

RULE = Rule(
    code="RW407",
    name="shadowed-route",
    severity="error",
    summary="An earlier route matches every request that this route is meant for.",
    why=(
        "Routes are tried in the order in which they were added, and the first whose "
        "path matches answers. A request for `/users/me` ends in `/users/{id}` with "
        "`id` = `me`: mostly a 422 that clients cannot explain, at worst the wrong data."
    ),
    instead="Declare the more specific path before the one with the parameter.",
    wrong="""\
from fastapi import FastAPI

app = FastAPI()


@app.get("/users/{user_id}")
async def read_user(user_id: int) -> int:
    return user_id


@app.get("/users/me")  # expect: RW407
async def read_me() -> int:
    return 0
""",
    right="""\
from fastapi import FastAPI

app = FastAPI()


@app.get("/users/me")
async def read_me() -> int:
    return 0


@app.get("/users/{user_id}")
async def read_user(user_id: int) -> int:
    return user_id
""",
    references=("https://fastapi.tiangolo.com/tutorial/path-params/#order-matters",),
)


def check(review: Review) -> Iterator[Finding]:
    """Flag routes all of whose methods are answered by earlier, wider paths."""
    flagged: set[object] = set()
    for routes in groups(review):
        wide: list[MatchedRoute] = []
        for route in routes:
            place = route.declaration.place
            if place not in flagged:
                earlier = _shadow(review, wide, route)
                file = review.file_of(place.module)
                if earlier is not None and file is not None:
                    flagged.add(place)
                    yield review.finding(
                        RULE,
                        file,
                        place,
                        f"`{readable(route.path)}` is never reached: "
                        f"`{readable(earlier.path)}`, declared before it, matches first",
                    )
            if "{" in route.path:
                wide.append(route)


def _shadow(
    review: Review, wide: list[MatchedRoute], route: MatchedRoute
) -> MatchedRoute | None:
    """Return the earlier route that answers, if others answer for all methods."""
    first: MatchedRoute | None = None
    for method in route.methods:
        found = next(
            (
                earlier
                for earlier in wide
                if method in earlier.methods
                and earlier.path != route.path
                and earlier.declaration is not route.declaration
                and covers(earlier.path, route.path)
                and may_both_exist(review, earlier, route)
            ),
            None,
        )
        if found is None:
            return None
        first = first or found
    return first
