"""RW605 no-cors."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from roadworthy.app.model import Hook, Router
from roadworthy.findings import Finding
from roadworthy.rules import kinds
from roadworthy.rules.base import Rule
from roadworthy.rules.review import Review
from roadworthy.rules.security.authentication import functions_of_hook
from roadworthy.values.atoms import ANY

RULE = Rule(
    code="RW605",
    name="no-cors",
    severity="advice",
    summary="An application without CORS middleware.",
    why=(
        "Browsers refuse to hand answers of this service to a page from another origin "
        "until the service names that origin. Decided late, it is decided in a hurry, "
        'and becomes `allow_origins=["*"]`.'
    ),
    instead="Add `CORSMiddleware` with the origins of your front end, from the settings.",
    wrong="""\
from fastapi import FastAPI  # expect: RW605

app = FastAPI()


@app.get("/items")
async def read_items() -> list[str]:
    return []
""",
    right="""\
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

app = FastAPI()
app.add_middleware(CORSMiddleware, allow_origins=["https://shop.example.com"])


@app.get("/items")
async def read_items() -> list[str]:
    return []
""",
    references=("https://fastapi.tiangolo.com/tutorial/cors/",),
    advice=True,
)

_FRONT_ENDS = ("StaticFiles", "Jinja2Templates")
_CORS = (
    "fastapi.middleware.cors.CORSMiddleware",
    "starlette.middleware.cors.CORSMiddleware",
)


def check(review: Review) -> Iterator[Finding]:
    """Flag applications with routes, without CORS and without a front end of their own."""
    applications = [a for a in review.applications if _has_routes(review, a)]
    if not applications or _is_wrapped(review) or _serves_front_end(review):
        return
    inner = {
        inclusion.child
        for router in review.application.routers
        for inclusion in router.inclusions
    }
    seen: set[str] = set()
    for application in applications:
        if application in inner or _has_cors(review, application):
            continue
        file = review.file_of(application.place.module)
        if file is None or file.relative in seen:
            continue
        seen.add(file.relative)
        yield review.finding(
            RULE,
            file,
            1,
            "the application answers no cross-origin requests of browsers",
        )


def _has_routes(review: Review, application: Router) -> bool:
    return any(route.application is application for route in review.routes)


def _has_cors(review: Review, application: Router) -> bool:
    return any(
        _is_cors(review, hook)
        for hook in application.hooks
        if hook.kind in ("middleware", "middleware class")
    )


def _is_cors(review: Review, hook: Hook) -> bool:
    for atom in hook.target:
        if atom is ANY or any("CORS" in name for name in kinds.lineage(atom)):
            return True
        for function in functions_of_hook(atom):
            file = review.file_of(function.module)
            if file is not None and file.mentions(
                "Access-Control-Allow", "access-control-allow"
            ):
                return True
    return False


def _is_wrapped(review: Review) -> bool:
    """Whether the application is handed to the middleware itself, or in a way unknown."""
    for file in review.files:
        if not file.mentions("CORSMiddleware"):
            continue
        for call in file.nodes(ast.Call):
            if not review.static_names(file, call).isdisjoint(_CORS):
                return True
            if (
                isinstance(call.func, ast.Attribute)
                and call.func.attr == "add_middleware"
            ):
                owner = review.value(file, call.func.value)
                if not any(isinstance(atom, Router) for atom in owner) and any(
                    any("CORS" in name for name in kinds.lineage(atom))
                    for argument in call.args[:1]
                    for atom in review.value(file, argument)
                ):
                    return True
    return False


def _serves_front_end(review: Review) -> bool:
    for file in review.files:
        if not file.mentions(*_FRONT_ENDS):
            continue
        for call in file.nodes(ast.Call):
            if any(
                name.rpartition(".")[2] in _FRONT_ENDS
                for name in review.static_names(file, call)
            ):
                return True
    return False
