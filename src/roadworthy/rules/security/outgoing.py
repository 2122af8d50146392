"""Calls that go out to other services over HTTP."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from roadworthy.rules.files import FunctionNode, ReviewedFile, own_nodes
from roadworthy.rules.review import Review
from roadworthy.rules.security.bindings import reaching
from roadworthy.rules.threads import handed_over
from roadworthy.rules.trees import is_waited_for, last_name
from roadworthy.values.program import FunctionInfo

_VERBS = frozenset(
    {
        "delete",
        "get",
        "head",
        "options",
        "patch",
        "post",
        "put",
        "request",
        "send",
        "stream",
    }
)
_OTHERS = frozenset({"urlopen", "urlretrieve", "ws_connect", "fetch"})
_LIBRARIES = ("httpx", "httpx2", "requests", "aiohttp")
_CLIENTS = frozenset(
    {"AsyncClient", "Client", "ClientSession", "Session", "api", "sessions", "client"}
)
_PLAIN = frozenset({"urllib.request.urlopen", "urllib.request.urlretrieve"})


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A call that sends a request."""

    file: ReviewedFile
    function: FunctionNode
    info: FunctionInfo
    call: ast.Call
    name: str
    """The dotted name of what is called."""
    url: ast.expr | None

    @property
    def library(self) -> str:
        """The package of the client."""
        return self.name.partition(".")[0]


def outgoing_calls(review: Review) -> tuple[Outgoing, ...]:
    """Return the outgoing calls on paths from routes; they are looked for once."""
    return review.once(_all)


def _all(review: Review) -> tuple[Outgoing, ...]:
    return tuple(_found(review))


def _found(review: Review) -> Iterator[Outgoing]:
    for file in review.files:
        speaks = file.mentions("requests", "httpx", "aiohttp", "urllib")
        for node, info in review.reached_functions(file):
            for call in own_nodes(node):
                if not isinstance(call, ast.Call):
                    continue
                made = handed_over(review, call) if speaks else None
                sent = made if made is not None else call
                if not _may_be(sent):
                    continue
                names = review.static_names(file, sent)
                if not names and made is None:
                    # `mapping.get(key)` is neither.
                    if speaks or is_waited_for(file, call):
                        names = review.names(file, call)
                for name in names:
                    if _is_outgoing(name):
                        url = _url(file, node, sent, name)
                        yield Outgoing(file, node, info, call, name, url)
                        break


def _may_be(call: ast.Call) -> bool:
    last = last_name(call.func)
    if last in _OTHERS:
        return True
    if last not in _VERBS:
        return False
    if last == "get" and len(call.args) > 1:
        return False  # of a mapping, with a default
    first = call.args[0] if call.args else None
    if isinstance(first, ast.Constant):
        return isinstance(first.value, str) and (
            "/" in first.value or (len(call.args) > 1 and last in ("request", "stream"))
        )
    return first is not None or any(k.arg == "url" for k in call.keywords)


def _is_outgoing(name: str) -> bool:
    if name in _PLAIN:
        return True
    parts = name.split(".")
    if parts[0] not in _LIBRARIES:
        return False
    if parts[-1] not in _VERBS and parts[-1] not in _OTHERS:
        return False
    return len(parts) == 2 or parts[-2] in _CLIENTS


def _url(
    file: ReviewedFile, function: FunctionNode, call: ast.Call, name: str
) -> ast.expr | None:
    for keyword in call.keywords:
        if keyword.arg == "url":
            return keyword.value
    last = name.rpartition(".")[2]
    if last == "send":
        return _url_of_request(file, function, call)
    position = 1 if last in ("request", "stream") else 0
    return call.args[position] if len(call.args) > position else None


def _url_of_request(
    file: ReviewedFile, function: FunctionNode, call: ast.Call
) -> ast.expr | None:
    """Return the URL of a request that is made first and then sent."""
    made = call.args[0] if call.args else None
    made_here = [made] if isinstance(made, ast.Call) else []
    if isinstance(made, ast.Name):
        sources, _ = reaching(file, function, made)
        made_here = [source for source in sources if isinstance(source, ast.Call)]
    for request in made_here:
        target = request.func
        last = target.attr if isinstance(target, ast.Attribute) else ""
        if isinstance(target, ast.Name):
            last = target.id
        if last not in ("build_request", "Request"):
            continue
        for keyword in request.keywords:
            if keyword.arg == "url":
                return keyword.value
        if len(request.args) > 1:
            return request.args[1]
    return None
