"""RW406 router-not-included."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from roadworthy.app.model import METHODS, Router
from roadworthy.findings import Finding
from roadworthy.rules import kinds
from roadworthy.rules.base import Rule
from roadworthy.rules.files import ReviewedFile
from roadworthy.rules.review import Review
from roadworthy.rules.structure.graph import imports_of, is_package_of
from roadworthy.rules.trees import targets_of

RULE = Rule(
    code="RW406",
    name="router-not-included",
    severity="error",
    summary="A router with routes that no application includes.",
    why=(
        "Its routes answer 404 in production, although they are written, reviewed and "
        "perhaps tested on their own; nothing else says that they were forgotten."
    ),
    instead="`include_router` it in the application, or delete it.",
    wrong="""\
# file: app/__init__.py
# file: app/pens.py
from fastapi import APIRouter

router = APIRouter(prefix="/pens")  # expect: RW406


@router.get("")
async def read_pens() -> list[str]:
    return []
# file: app/main.py
from fastapi import FastAPI

app = FastAPI()


@app.get("/")
async def read_index() -> str:
    return "pens"
""",
    right="""\
# file: app/__init__.py
# file: app/pens.py
from fastapi import APIRouter

router = APIRouter(prefix="/pens")


@router.get("")
async def read_pens() -> list[str]:
    return []
# file: app/main.py
from fastapi import FastAPI

from app import pens

app = FastAPI()
app.include_router(pens.router)
""",
    references=("https://fastapi.tiangolo.com/tutorial/bigger-applications/",),
)

_OWN = frozenset(
    {
        *METHODS,
        "api_route",
        "route",
        "websocket",
        "websocket_route",
        "add_api_route",
        "add_route",
        "add_api_websocket_route",
        "add_websocket_route",
        "include_router",
        "on_event",
        "add_event_handler",
        "prefix",
        "tags",
    }
)
"""What a router is asked for while its routes are declared."""


def check(review: Review) -> Iterator[Finding]:
    """Flag routers at the top of a module that nothing includes and nothing else uses."""
    routers = review.application.routers
    if not review.applications or review.evaluator.dynamic_imports:
        return
    reached = _reached(routers)
    waiting = [r for r in routers if r not in reached and not r.is_application]
    parents = {i.child for r in waiting for i in r.inclusions}
    for router in waiting:
        file = review.file_of(router.place.module)
        if router in parents or file is None or review.is_test(file):
            continue
        name = _name_of(file, router)
        if name is None or not _has_routes(router, set()):
            continue
        if _is_exported(review, file) or _is_used(review, name, router, set(waiting)):
            continue
        yield review.finding(
            RULE,
            file,
            router.place,
            f"no application includes `{name}`: its routes are never served",
        )


def _reached(routers: list[Router]) -> set[Router]:
    reached: set[Router] = set()
    waiting = [router for router in routers if router.is_application]
    while waiting:
        router = waiting.pop()
        if router not in reached:
            reached.add(router)
            waiting.extend(inclusion.child for inclusion in router.inclusions)
    return reached


def _has_routes(router: Router, seen: set[Router]) -> bool:
    if router in seen:
        return False
    seen.add(router)
    return bool(router.routes) or any(
        _has_routes(inclusion.child, seen) for inclusion in router.inclusions
    )


def _name_of(file: ReviewedFile, router: Router) -> str | None:
    """Return the name to which a router is bound at the top of its module."""
    line = router.place.position.line
    for statement in file.tree.body:
        if statement.lineno <= line <= (statement.end_lineno or statement.lineno):
            targets = targets_of(statement)
            if len(targets) == 1 and isinstance(targets[0], ast.Name):
                return targets[0].id
    return None


def _is_exported(review: Review, file: ReviewedFile) -> bool:
    """Whether the router is in a package that no application is in or imports."""
    if review.is_application_file(file):
        return False
    top = file.relative.split("/")[: 2 if file.relative.startswith("src/") else 1]
    if top[-1].endswith(".py"):
        return False
    package = "/".join(top) + "/"
    inits = [
        other
        for other in review.all_files
        if other.relative.startswith(package)
        and other.relative.endswith("/__init__.py")
    ]
    exports = any(
        isinstance(node, ast.ImportFrom)
        for other in inits
        for node in other.nodes(ast.ImportFrom)
    )
    return exports and not any(
        other.relative.startswith(package) for other in review.files
    )


def _is_used(review: Review, name: str, router: Router, waiting: set[Router]) -> bool:
    """Whether the router is handed on in some way of which the run does not tell."""
    for file in review.all_files:
        if review.is_test(file) or not file.mentions(name):
            continue
        names = {name}
        for node in file.nodes(ast.ImportFrom):
            names.update(
                alias.asname
                for alias in node.names
                if alias.asname and alias.name == name
            )
        for read in _reads(file, names):
            parent = file.parent(read)
            if isinstance(parent, ast.Attribute) and parent.attr in _OWN:
                continue
            value = review.static(file, read) or ()
            # A branch that never runs by what is known now still names the router.
            unknown = (
                isinstance(parent, ast.Call)
                and not kinds.known(value)
                and _imports(review, file, router)
            )
            if unknown or router in value:
                if not _is_inner(review, file, read, waiting):
                    return True
    return False


def _imports(review: Review, file: ReviewedFile, router: Router) -> bool:
    """Whether a file imports a router's module, or a package that it is in."""
    home = review.file_of(router.place.module)
    return home is not None and any(
        edge.target is home or is_package_of(edge.target, home)
        for edge in imports_of(review, file)
    )


def _reads(file: ReviewedFile, names: set[str]) -> Iterator[ast.expr]:
    for name in file.nodes(ast.Name):
        if name.id in names and isinstance(name.ctx, ast.Load):
            yield name
    for attribute in file.nodes(ast.Attribute):
        if attribute.attr in names and isinstance(attribute.ctx, ast.Load):
            yield attribute


def _is_inner(
    review: Review, file: ReviewedFile, node: ast.expr, waiting: set[Router]
) -> bool:
    """Whether this is `parent.include_router(node)` on a router not included either."""
    call = file.parent(node)
    if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Attribute):
        return False
    if call.func.attr != "include_router":
        return False
    owner = review.static(file, call.func.value) or ()
    return any(atom in waiting for atom in owner if isinstance(atom, Router))
