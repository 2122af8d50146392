"""RW602 no-authentication."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from roadworthy.app.model import Router
from roadworthy.findings import Finding
from roadworthy.rules.base import Rule
from roadworthy.rules.review import Review
from roadworthy.rules.security.authentication import guards
from roadworthy.rules.security.routes import is_open_by_name, is_writing
from roadworthy.rules.security.rw601 import has_scheme

RULE = Rule(
    code="RW602",
    name="no-authentication",
    severity="advice",
    summary="An application with writing routes and no authentication scheme at all.",
    why=(
        "Whoever reaches the service can change its data. A gateway in front may guard "
        "it today; nothing in the service says so, and nothing holds when it is reached "
        "another way."
    ),
    instead=(
        "Authenticate with `OAuth2PasswordBearer` and JWT (or an API key), and depend "
        "on the current user."
    ),
    wrong="""\
from fastapi import FastAPI  # expect: RW602

app = FastAPI()


@app.post("/items")
async def create_item(name: str) -> str:
    return name
""",
    right="""\
from typing import Annotated

from fastapi import Depends, FastAPI
from fastapi.security import OAuth2PasswordBearer

app = FastAPI()
oauth2_scheme = OAuth2PasswordBearer(tokenUrl="token")


@app.post("/items")
async def create_item(
    name: str, token: Annotated[str, Depends(oauth2_scheme)]
) -> str:
    return name
""",
    references=("https://fastapi.tiangolo.com/tutorial/security/first-steps/",),
    advice=True,
)


def check(review: Review) -> Iterator[Finding]:
    """Flag applications whose writing routes nothing guards."""
    guard = guards(review)
    seen: set[str] = set()
    for application in review.applications:
        file = review.file_of(application.place.module)
        handlers = [
            handler
            for handler in review.handlers()
            if any(route.application is application for route in handler.routes)
        ]
        writing = [
            handler
            for handler in handlers
            if is_writing(handler) and not is_open_by_name(review, handler)
        ]
        if not writing or file is None or file.relative in seen:
            continue
        if _is_for_this_process(review, application):
            continue
        if has_scheme(review, guard, application) or any(
            guard.refuses(handler)
            or any(guard.is_authenticating(use) for use in review.dependencies(handler))
            for handler in handlers
        ):
            continue
        seen.add(file.relative)
        yield review.finding(
            RULE,
            file,
            1,
            f"{_count(len(writing))} and nothing in the application asks who calls",
        )


def _is_for_this_process(review: Review, application: Router) -> bool:
    """Whether an application is served on any free port, which only its maker learns."""
    for file in review.files:
        if not file.mentions("uvicorn"):
            continue
        for call in file.nodes(ast.Call):
            if not call.args or not any(
                keyword.arg == "port"
                and isinstance(keyword.value, ast.Constant)
                and keyword.value.value == 0
                for keyword in call.keywords
            ):
                continue
            if any(atom is application for atom in review.value(file, call.args[0])):
                return True
    return False


def _count(number: int) -> str:
    return "1 route writes" if number == 1 else f"{number} routes write"
