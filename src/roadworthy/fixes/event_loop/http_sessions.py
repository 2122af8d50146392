"""A `requests.Session` of a module as an `httpx.AsyncClient`, with all that uses it."""

from __future__ import annotations

import ast

from roadworthy.findings import Edit, Fix, Import
from roadworthy.fixes import places
from roadworthy.fixes.event_loop import http
from roadworthy.fixes.event_loop.client import TIMEOUT, library_of
from roadworthy.fixes.event_loop.grounds import obstacle
from roadworthy.fixes.event_loop.threads import awaited
from roadworthy.rules.files import FunctionNode, ReviewedFile
from roadworthy.rules.review import Review

SESSIONS = ("requests.Session.", "requests.sessions.Session.")
_MADE = frozenset({"requests.Session", "requests.sessions.Session", "requests.session"})
_KEPT = frozenset({"headers", "params"})


def rewrite(
    review: Review, file: ReviewedFile, call: ast.Call, becoming: FunctionNode | None
) -> Fix | None:
    """Return the fix that makes a module's session asynchronous; None where it cannot.

    The session must be made once, at the top of the module, be used in that module
    alone, and by coroutine functions alone.
    """
    library = library_of(review)
    target = call.func.value if isinstance(call.func, ast.Attribute) else None
    if library is None or not isinstance(target, ast.Name):
        return None
    name = target.id
    made = _made(review, file, name)
    if made is None or http.is_replaced_in_tests(review) or _leaves(review, file, name):
        return None
    client = f"{library}.AsyncClient(timeout={TIMEOUT}, follow_redirects=True)"
    edits: list[Edit] = [places.replace(file, made, client)]
    functions: dict[FunctionNode, list[ast.Call]] = {}
    for used in file.nodes(ast.Name):
        if used.id != name or not isinstance(used.ctx, ast.Load):
            continue
        attribute = file.parent(used)
        if not isinstance(attribute, ast.Attribute):
            return None
        if attribute.attr in _KEPT:
            continue
        one = file.parent(attribute)
        if not isinstance(one, ast.Call) or one.func is not attribute:
            return None
        function = file.function_of(one)
        if function is None or obstacle(file, one, becoming):
            return None
        if attribute.attr == "close":
            edits.append(places.replace(file, one, f"await {name}.aclose()"))
            continue
        functions.setdefault(function, []).append(one)
    for function, calls in functions.items():
        converted = http.converted(review, file, function, calls, library)
        if converted is None:
            return None
        edits.extend(converted)
        for one in calls:
            edits.extend(awaited(file, one))
    every = [one for calls in functions.values() for one in calls]
    return Fix(
        False,
        tuple(dict.fromkeys(edits)),
        http.note(library, every),
        (Import(file.relative, f"import {library}"),),
    )


def _made(review: Review, file: ReviewedFile, name: str) -> ast.Call | None:
    """Return the call that makes a session, if a module binds its name only once."""
    found: list[ast.Call | None] = []
    for used in file.nodes(ast.Name):
        if used.id != name or isinstance(used.ctx, ast.Load):
            continue
        statement = file.parent(used)
        value = statement.value if isinstance(statement, ast.Assign) else None
        is_session = (
            isinstance(value, ast.Call)
            and not value.args
            and not value.keywords
            and isinstance(file.scope(used), ast.Module)
            and bool(review.static_names(file, value) & _MADE)
        )
        found.append(value if is_session and isinstance(value, ast.Call) else None)
    if any(argument.arg == name for argument in file.nodes(ast.arg)):
        return None
    return found[0] if len(found) == 1 else None


def _leaves(review: Review, file: ReviewedFile, name: str) -> bool:
    """Whether another file of the project may use a module's session."""
    for other in review.all_files:
        if other is file or not other.mentions(name):
            continue
        if any(
            alias.name in (name, "*")
            for node in other.nodes(ast.ImportFrom)
            for alias in node.names
        ):
            return True
        if any(node.attr == name for node in other.nodes(ast.Attribute)):
            return True
    return False
