"""RW407 shadowed-route."""

from __future__ import annotations

from collections.abc import Iterator

from roadworthy.findings import Finding, Fix
from roadworthy.fixes import order
from roadworthy.rules.base import Rule
from roadworthy.rules.files import ReviewedFile
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
    fixed="""\
from fastapi import FastAPI

app = FastAPI()


@app.get("/users/me")  # expect: RW407
async def read_me() -> int:
    return 0


@app.get("/users/{user_id}")
async def read_user(user_id: int) -> int:
    return user_id
""",
    fix_summary="Moves the handler before the one that shadows it, where both are declared on the same router in the same file, and nothing between the two is needed for the declaration.",
    references=("https://fastapi.tiangolo.com/tutorial/path-params/#order-matters",),
)


def check(review: Review) -> Iterator[Finding]:
    """Flag routes all of whose methods are answered by earlier, wider paths."""
    flagged: set[object] = set()
    for routes in groups(review):
        wide: list[MatchedRoute] = []
        known: set[tuple[str, str]] = set()
        for route in routes:
            place = route.declaration.place
            # What is declared twice is RW408's.
            own = {(method, route.path) for method in route.methods}
            if place not in flagged and not own <= known:
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
            known |= own
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


def fix(review: Review, finding: Finding) -> Fix | None:
    """Move the handler before the first that shadows it, on the same router."""
    for routes in groups(review):
        for number, route in enumerate(routes):
            place = route.declaration.place
            file = review.file_of(place.module)
            if (
                file is None
                or file.relative != finding.path
                or place.position.line != finding.line
                or place.position.end_line != finding.end_line
            ):
                continue
            wide = [r for r in routes[:number] if "{" in r.path]
            shadows = [
                earlier
                for earlier in wide
                if earlier.declaration is not route.declaration
                and not set(earlier.methods).isdisjoint(route.methods)
                and covers(earlier.path, route.path)
                and may_both_exist(review, earlier, route)
            ]
            if shadows and all(s.routers[-1] is route.routers[-1] for s in shadows):
                lines = [_line_in(review, file, shadow) for shadow in shadows]
                return order.moved_before(file, finding.line, lines)
            return None
    return None


def _line_in(review: Review, file: ReviewedFile, route: MatchedRoute) -> int | None:
    place = route.declaration.place
    return place.position.line if review.file_of(place.module) is file else None
