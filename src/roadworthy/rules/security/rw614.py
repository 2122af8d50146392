"""RW614 error-as-success."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator

from roadworthy.findings import Finding
from roadworthy.rules import kinds
from roadworthy.rules.base import Rule
from roadworthy.rules.files import own_nodes
from roadworthy.rules.handlers import Handler
from roadworthy.rules.library_names import JSON_RESPONSES
from roadworthy.rules.review import Review
from roadworthy.rules.security.bindings import reaching
from roadworthy.rules.security.routes import is_webhook
from roadworthy.rules.security.words import words
from roadworthy.rules.trees import results
from roadworthy.values.atoms import Function

RULE = Rule(
    code="RW614",
    name="error-as-success",
    severity="warning",
    summary="A handler that answers an error with status 200.",
    why=(
        "Clients, proxies, monitoring and retries go by the status. An error that says "
        "200 is cached, counted as a success, and read as data."
    ),
    instead='`raise HTTPException(status_code=404, detail="…")`.',
    wrong="""\
from fastapi import FastAPI

app = FastAPI()
ITEMS = {1: "a lamp"}


@app.get("/items/{item_id}")
async def read_item(item_id: int):
    if item_id not in ITEMS:
        return {"error": "There is no such item"}  # expect: RW614
    return {"name": ITEMS[item_id]}
""",
    right="""\
from fastapi import FastAPI, HTTPException

app = FastAPI()
ITEMS = {1: "a lamp"}


@app.get("/items/{item_id}")
async def read_item(item_id: int):
    if item_id not in ITEMS:
        raise HTTPException(404, "There is no such item")
    return {"name": ITEMS[item_id]}
""",
    references=("https://fastapi.tiangolo.com/tutorial/handling-errors/",),
)

_ERROR_KEYS = frozenset({"error", "errors", "error_message", "err"})
_FAILURES = frozenset({"error", "fail", "failed", "failure"})


def check(review: Review) -> Iterator[Finding]:
    """Flag returned literals that say that something failed, under the default status."""
    for handler in review.handlers():
        if handler.is_websocket or _sets_status(review, handler):
            continue
        if is_webhook(handler) or _checks_signature(handler):
            continue  # there, 200 says that the call has arrived
        for part in own_nodes(handler.node):
            if isinstance(part, ast.Return) and part.value is not None:
                what = _error(review, handler, part.value) or _made_error(
                    review, handler, part.value
                )
                if what is not None:
                    yield review.finding(
                        RULE,
                        handler.file,
                        part,
                        f"{what} goes out with status 200",
                        entry=handler,
                    )


def _checks_signature(handler: Handler) -> bool:
    """Whether another service calls the handler, and signs its calls."""
    return any(
        isinstance(part, ast.Constant)
        and isinstance(part.value, str)
        and "signature" in words(part.value)
        for part in own_nodes(handler.node)
    ) or any(
        "signature" in words(argument.arg)
        for argument in (*handler.node.args.args, *handler.node.args.kwonlyargs)
    )


def _sets_status(review: Review, handler: Handler) -> bool:
    status = handler.option("status_code")
    codes = kinds.constants(status) if status else None
    if codes and any(isinstance(code, int) and code >= 400 for code in codes):
        return True
    return any(
        isinstance(part, ast.Attribute)
        and part.attr == "status_code"
        and isinstance(part.ctx, ast.Store)
        for part in own_nodes(handler.node)
    )


def _made_error(review: Review, handler: Handler, node: ast.expr) -> str | None:
    """Return what a helper that only makes such bodies returns: `return failed("…")`."""
    if isinstance(node, ast.Await):
        node = node.value
    if not isinstance(node, ast.Call):
        return None
    given = (*node.args, *(k.value for k in node.keywords))
    named = bool(given) and not any(
        isinstance(each, ast.Constant) and each.value is None for each in given
    )
    told: list[str] = []
    for atom in review.callees(handler.file, node):
        made = review.node_of(atom.function) if isinstance(atom, Function) else None
        bodies = list(results(made)) if made is not None else []
        if not bodies:
            return None
        for body in bodies:
            if not isinstance(body, ast.Dict):
                return None
            what = _said(_literal_items(body), lambda value: named)
            if what is None:
                return None
            told.append(what)
    return told[0] if told else None


def _error(review: Review, handler: Handler, node: ast.expr) -> str | None:
    if isinstance(node, ast.Tuple) and len(node.elts) == 2:
        status = node.elts[1]
        codes = kinds.constants(review.value(handler.file, status)) or []
        if any(type(code) is int and 400 <= code < 600 for code in codes):
            return f"`{handler.file.text(status)}` is part of the body, and all of it"
        return None
    if isinstance(node, ast.Name):
        sources, is_parameter = reaching(handler.file, handler.node, node)
        if is_parameter or len(sources) != 1 or _is_changed(handler, node.id):
            return None
        node = sources[0]
    items = _items(review, handler, node)
    if items is None:
        return None
    return _said(items, lambda value: _is_message(review, handler, value))


def _said(
    items: dict[str, ast.expr], is_message: Callable[[ast.expr], bool]
) -> str | None:
    """Return the part of a body that says that something failed."""
    for key in ("success", "ok"):
        value = items.get(key)
        if isinstance(value, ast.Constant) and value.value is False:
            return f'`{{"{key}": False}}`'
        if isinstance(value, ast.Constant) and value.value is True:
            return None
    status_text = items.get("status")
    if isinstance(status_text, ast.Constant) and isinstance(status_text.value, str):
        if status_text.value == "ERROR" and set(items) == {"status", "reason"}:
            return None  # an answer of LNURL, which asks for it under status 200
        if status_text.value.lower() in _FAILURES:
            if set(items) - _ABOUT_ERRORS - {"status"} and _REASONS.isdisjoint(items):
                return None  # the state of something: a payment that has failed
            return f'`{{"status": "{status_text.value}"}}`'
        return None
    for key in _ERROR_KEYS:
        value = items.get(key)
        if value is not None and is_message(value):
            if not set(items) - _ERROR_KEYS - _ABOUT_ERRORS:
                return f'`{{"{key}": …}}`'
    return None


def _items(
    review: Review, handler: Handler, node: ast.expr
) -> dict[str, ast.expr] | None:
    """Return the keys and values of a body that is written out, with status 200."""
    if isinstance(node, ast.Call):
        names = review.static_names(handler.file, node)
        if isinstance(node.func, ast.Name) and node.func.id == "dict":
            if node.args:
                return None
            return {k.arg: k.value for k in node.keywords if k.arg is not None}
        if not any(
            name.rpartition(".")[2] in JSON_RESPONSES
            and name.startswith(("fastapi.", "starlette."))
            for name in names
        ):
            return None
        given = {k.arg: k.value for k in node.keywords}
        if None in given or "status_code" in given or len(node.args) > 1:
            return None
        content = node.args[0] if node.args else given.get("content")
        return _items(review, handler, content) if content is not None else None
    return _literal_items(node) if isinstance(node, ast.Dict) else None


def _literal_items(node: ast.Dict) -> dict[str, ast.expr]:
    return {
        key.value: value
        for key, value in zip(node.keys, node.values, strict=True)
        if isinstance(key, ast.Constant) and isinstance(key.value, str)
    }


def _is_changed(handler: Handler, name: str) -> bool:
    """Whether a handler does more with a local name than bind it and return it."""
    return any(
        isinstance(part, ast.Name)
        and part.id == name
        and isinstance(part.ctx, ast.Load)
        and not isinstance(handler.file.parent(part), ast.Return)
        for part in own_nodes(handler.node)
    )


_ABOUT_ERRORS = frozenset(
    {"message", "detail", "details", "code", "status_code", "type", "description", "id"}
)
_REASONS = _ERROR_KEYS | {"message", "msg", "detail", "reason", "description"}
"""What is told beside a failure of the request itself."""


def _is_message(review: Review, handler: Handler, node: ast.expr) -> bool:
    """Whether what is given as the error is one for certain."""
    if isinstance(node, ast.Constant):
        return isinstance(node.value, str) and bool(node.value)
    if isinstance(node, ast.JoinedStr):
        return True
    if isinstance(node, ast.Call):
        return isinstance(node.func, ast.Name) and node.func.id in ("str", "repr")
    return isinstance(node, ast.Dict) and bool(node.keys)
