"""RW315 no-timeout."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from roadworthy.findings import Finding
from roadworthy.rules import kinds
from roadworthy.rules.base import Rule
from roadworthy.rules.event_loop.places import (
    called_names,
    entry_at,
    keyword,
    last_name,
)
from roadworthy.rules.files import ReviewedFile
from roadworthy.rules.review import Review
from roadworthy.rules.threads import handed_over
from roadworthy.values.atoms import Const, Wrapped

RULE = Rule(
    code="RW315",
    name="no-timeout",
    severity="warning",
    summary="An outgoing call with no time limit.",
    why=(
        "A server that accepts the connection and then says nothing holds the request, "
        "its database session and its client for ever; a few such requests use up the "
        "connection pool, and the whole service stands still with the other one."
    ),
    instead="Give a time limit: `httpx.AsyncClient(timeout=10)`, `requests.get(url, timeout=10)`.",
    wrong="""\
import httpx
from fastapi import FastAPI

app = FastAPI()
client = httpx.AsyncClient(timeout=None)  # expect: RW315


@app.get("/rates")
async def read_rates() -> str:
    return (await client.get("https://rates.example/latest")).text
""",
    right="""\
import httpx
from fastapi import FastAPI

app = FastAPI()
client = httpx.AsyncClient(timeout=httpx.Timeout(10, read=30))


@app.get("/rates")
async def read_rates() -> str:
    return (await client.get("https://rates.example/latest")).text
""",
    references=(
        "https://www.python-httpx.org/advanced/timeouts/",
        "https://requests.readthedocs.io/en/latest/user/advanced/#timeouts",
        "https://docs.aiohttp.org/en/stable/client_quickstart.html#timeouts",
    ),
)

_VERBS = ("get", "post", "put", "patch", "delete", "head", "options", "request")
_UNLIMITED = frozenset(
    {f"requests.{verb}" for verb in _VERBS}
    | {f"requests.Session.{verb}" for verb in _VERBS}
    | {f"requests.sessions.Session.{verb}" for verb in _VERBS}
    | {"urllib.request.urlopen"}
)
"""Calls that wait for ever unless they are given a limit."""
_CLIENTS = frozenset(
    {
        f"{library}.{kind}"
        for library in ("httpx", "httpx2")
        for kind in ("Client", "AsyncClient")
    }
)
_LIMITED = frozenset(
    {f"{client}.{verb}" for client in _CLIENTS for verb in (*_VERBS, "stream")}
    | {
        f"{library}.{verb}"
        for library in ("httpx", "httpx2")
        for verb in (*_VERBS, "stream")
    }
    | _CLIENTS
)
"""Calls with a limit of their own, which `timeout=None` takes away."""
_LAST = frozenset({name.rpartition(".")[2] for name in _UNLIMITED | _LIMITED}) | {
    "Timeout",
    "ClientTimeout",
}


def check(review: Review) -> Iterator[Finding]:
    """Flag calls without a limit, and limits that are none."""
    for file in review.files:
        if not file.mentions("requests", "httpx", "aiohttp", "urllib"):
            continue
        for call in file.nodes(ast.Call):
            # `to_thread(requests.get, url)` waits as `requests.get(url)` does.
            made = handed_over(review, call) or call
            function = made.func
            if isinstance(function, ast.Attribute) and function.attr not in _LAST:
                continue
            if any(keyword.arg is None for keyword in call.keywords):
                continue
            if isinstance(file.parent(call), ast.arguments):
                # A default: what the callers pass is another matter.
                continue
            if made is not call and _is_prepared(review, file, made):
                continue
            message = _fault(review, file, made)
            if message is not None:
                yield review.finding(
                    RULE,
                    file,
                    call,
                    message,
                    entry=entry_at(review, file, call),
                )


def _is_prepared(review: Review, file: ReviewedFile, call: ast.Call) -> bool:
    """Whether what is handed over may be a `partial`, with arguments of its own."""
    value = review.static(file, call.func)
    return value is None or any(
        isinstance(atom, Wrapped) and atom.kind == "partial" for atom in value
    )


def _fault(review: Review, file: ReviewedFile, call: ast.Call) -> str | None:
    timeout = keyword(call, "timeout")
    none = timeout is not None and _is_none(review, file, timeout)
    last = last_name(call.func)
    if last not in ("Timeout", "ClientTimeout"):
        if timeout is not None and not none:
            return None
        if timeout is None and not _may_be_unlimited(file, call):
            return None
    names = called_names(review, file, call, _LAST)
    if not names or _stays_inside(review, file, call):
        return None
    text = f"`{file.text(call.func)}(...)`"
    if names <= _UNLIMITED:
        if "urllib.request.urlopen" in names and len(call.args) > 2:
            return None
        return f"{text} waits for the answer without a time limit"
    if none and names <= _LIMITED:
        return f"`timeout=None` takes the time limit of {text} away"
    if names <= {"httpx.Timeout", "httpx2.Timeout"}:
        first = call.args[0] if call.args else timeout
        if (
            first is not None
            and _is_none(review, file, first)
            and keyword(call, "read") is None
        ):
            return f"`{file.text(call)}` sets no time limit on the answer"
    if (
        names <= {"aiohttp.ClientTimeout", "aiohttp.client.ClientTimeout"}
        and not call.args
    ):
        limits = [keyword(call, "total"), keyword(call, "sock_read")]
        if all(limit is None or _is_none(review, file, limit) for limit in limits):
            return f"`{file.text(call)}` sets no time limit on the answer"
    return None


def _stays_inside(review: Review, file: ReviewedFile, call: ast.Call) -> bool:
    """Whether a client calls an application of the same process: no network can hang.

    The transport stands beside the limit, in the call or among its arguments.
    """
    beside: list[ast.expr] = [k.value for k in call.keywords if k.arg == "transport"]
    holder = file.parent(call)
    if isinstance(holder, ast.Dict):
        for key, value in zip(holder.keys, holder.values, strict=True):
            if isinstance(key, ast.Constant) and key.value == "transport":
                beside.append(value)
    elif isinstance(holder, ast.keyword):
        outer = file.parent(holder)
        if isinstance(outer, ast.Call):
            beside += [k.value for k in outer.keywords if k.arg == "transport"]
    return any(
        (kinds.path_of(atom) or "").rpartition(".")[2] in _INSIDE
        or any(name.rpartition(".")[2] in _INSIDE for name in kinds.lineage(atom))
        for value in beside
        for atom in review.value(file, value)
    )


_INSIDE = frozenset({"ASGITransport", "WSGITransport", "MockTransport"})


def _may_be_unlimited(file: ReviewedFile, call: ast.Call) -> bool:
    """Whether a call without `timeout` may be one that needs it, by what is written.

    `mapping.get("key")` is told apart from `session.get(url)` here, which costs little.
    """
    if not file.mentions("requests", "urllib"):
        return False
    if last_name(call.func) != "get" or not call.args:
        return True
    first = call.args[0]
    return not isinstance(first, ast.Constant) or (
        isinstance(first.value, str) and "/" in first.value
    )


def _is_none(review: Review, file: ReviewedFile, node: ast.expr) -> bool:
    """Whether an expression is None, written there or in a module-level constant."""
    if isinstance(node, ast.Constant):
        return node.value is None
    value = review.static(file, node)
    return bool(value) and all(
        isinstance(atom, Const) and atom.value is None for atom in value or ()
    )
