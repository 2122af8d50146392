"""RW615 no-exception-handler."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from roadworthy.app.model import Router
from roadworthy.findings import Finding
from roadworthy.rules import kinds
from roadworthy.rules.base import Rule
from roadworthy.rules.review import Review
from roadworthy.rules.security.error_handlers import ARGUMENT, registrations
from roadworthy.rules.security.routes import is_writing

RULE = Rule(
    code="RW615",
    name="no-exception-handler",
    severity="advice",
    summary="An application with writing routes and no exception handler.",
    why=(
        "Errors of the database, of other services and of the domain then reach clients "
        "as bare 500s, each route translates them in its own way, or none does."
    ),
    instead=(
        "Register handlers for the errors of your domain and of your database with "
        "`@app.exception_handler(...)`."
    ),
    wrong="""\
from fastapi import FastAPI  # expect: RW615

app = FastAPI()


@app.post("/items")
async def create_item(name: str) -> str:
    return name
""",
    right="""\
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse


class OutOfStock(Exception):
    pass


app = FastAPI()


@app.exception_handler(OutOfStock)
async def out_of_stock(request: Request, error: OutOfStock) -> JSONResponse:
    return JSONResponse({"detail": "Out of stock"}, status_code=409)


@app.post("/items")
async def create_item(name: str) -> str:
    return name
""",
    references=(
        "https://fastapi.tiangolo.com/tutorial/handling-errors/"
        "#install-custom-exception-handlers",
    ),
    advice=True,
)


def check(review: Review) -> Iterator[Finding]:
    """Flag applications with writing routes that register no exception handler."""
    seen: set[str] = set()
    for application in review.applications:
        writes = any(
            is_writing(handler)
            for handler in review.handlers()
            if any(route.application is application for route in handler.routes)
        )
        file = review.file_of(application.place.module)
        if not writes or file is None or file.relative in seen:
            continue
        if _has_handler(application) or _is_registered_elsewhere(review):
            continue
        seen.add(file.relative)
        yield review.finding(
            RULE, file, 1, "the application registers no exception handler"
        )


def _has_handler(application: Router) -> bool:
    given = application.arguments.keywords.get(ARGUMENT, ())
    return bool(kinds.known(given)) or any(
        hook.kind == "exception handler" for hook in application.hooks
    )


def _is_registered_elsewhere(review: Review) -> bool:
    """Whether a handler is registered on what cannot be told to be an application."""
    for file in review.files:
        for given, _ in registrations(file):
            call = file.parent(given) if given is not None else None
            if isinstance(call, ast.Subscript):
                call = call.value  # `app.exception_handlers[Error] = answer`
            function = call.func if isinstance(call, ast.Call) else call
            if isinstance(function, ast.Attribute):
                owner = review.value(file, function.value)
                if not any(isinstance(atom, Router) for atom in owner):
                    return True
        for mapping in file.nodes(ast.Dict) if file.mentions(ARGUMENT) else ():
            # Arguments kept for later: `FastAPI(**options)`.
            if any(
                isinstance(key, ast.Constant) and key.value == ARGUMENT
                for key in mapping.keys
            ):
                return True
    return False
