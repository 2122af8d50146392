"""Which awaited calls go out to another service, directly or in a function below."""

from __future__ import annotations

import ast

from roadworthy.rules import kinds
from roadworthy.rules.event_loop.places import last_name
from roadworthy.rules.files import ReviewedFile, own_nodes
from roadworthy.rules.review import Review
from roadworthy.rules.threads import awaited_function
from roadworthy.rules.trees import is_waited_for
from roadworthy.values.atoms import Function
from roadworthy.values.program import FunctionInfo

_CLIENTS = (
    "httpx.AsyncClient",
    "httpx2.AsyncClient",
    "aiohttp.ClientSession",
    "aiohttp.client.ClientSession",
)
READS = frozenset(f"{client}.{verb}" for client in _CLIENTS for verb in ("get", "head"))
"""Requests that change nothing."""
WRITES = frozenset(
    f"{client}.{verb}"
    for client in _CLIENTS
    for verb in ("delete", "patch", "post", "put", "request", "send", "stream")
)
_POSTED = frozenset(
    {
        "smtplib.SMTP.sendmail",
        "smtplib.SMTP.send_message",
        "smtplib.SMTP_SSL.sendmail",
        "smtplib.SMTP_SSL.send_message",
    }
)
"""Mail sent by blocking code, which may run in a thread."""
MAILS = _POSTED | frozenset(
    {
        "aiosmtplib.send",
        "aiosmtplib.api.send",
        "aiosmtplib.SMTP.send_message",
        "aiosmtplib.SMTP.sendmail",
        "aiosmtplib.smtp.SMTP.send_message",
        "aiosmtplib.esmtp.SMTP.sendmail",
        "fastapi_mail.FastMail.send_message",
        "fastapi_mail.fastmail.FastMail.send_message",
    }
)
OUTGOING = READS | WRITES | MAILS
_LAST = frozenset(name.rpartition(".")[2] for name in OUTGOING)


class Services:
    """Tells what a call asks of other services."""

    def __init__(self, review: Review) -> None:
        self._review = review
        self._known: dict[FunctionInfo, frozenset[str]] = {}

    def asked(
        self, file: ReviewedFile, call: ast.Call, depth: int = 3
    ) -> frozenset[str]:
        """Return the names of the outgoing calls behind a call; empty without any.

        Where a call may enter several functions, all of them must go out.
        """
        review = self._review
        if last_name(call.func) in _LAST:
            names = review.names(file, call)
            if names and names <= OUTGOING:
                return names
        handed = awaited_function(review, call)
        if handed is not None:
            return self._in_thread(file, handed)
        callees = review.callees(file, call)
        found: frozenset[str] = frozenset()
        for atom in callees:
            if not kinds.is_async_function(atom) or not isinstance(atom, Function):
                return frozenset()
            below = self.below(atom.function, depth)
            if not below:
                return frozenset()
            found |= below
        return found

    def below(self, info: FunctionInfo, depth: int) -> frozenset[str]:
        """Return the names of the outgoing calls in a function and below it."""
        known = self._known.get(info)
        if known is not None:
            return known
        self._known[info] = frozenset()
        review = self._review
        file, node = review.file_of(info.module), review.node_of(info)
        found: frozenset[str] = frozenset()
        if file is not None and isinstance(node, ast.AsyncFunctionDef):
            # What is only started (a task, a background task) holds nobody up.
            for inner in own_nodes(node):
                if not isinstance(inner, ast.Call) or not is_waited_for(file, inner):
                    continue
                if last_name(inner.func) in _LAST:
                    names = review.names(file, inner)
                    if names and names <= OUTGOING:
                        found |= names
                        continue
                handed = awaited_function(review, inner)
                if handed is not None:
                    found |= self._in_thread(file, handed)
                elif depth > 0:
                    for atom in review.callees(file, inner):
                        if isinstance(atom, Function) and kinds.is_async_function(atom):
                            found |= self.below(atom.function, depth - 1)
        self._known[info] = found
        return found

    def _in_thread(self, file: ReviewedFile, handed: ast.expr) -> frozenset[str]:
        """Return the mails that a function sends which a thread runs."""
        review = self._review
        found: frozenset[str] = frozenset()
        for atom in review.value(file, handed):
            if not isinstance(atom, Function):
                continue
            node = review.node_of(atom.function)
            inner_file = review.file_of(atom.function.module)
            if node is None or inner_file is None:
                continue
            for inner in own_nodes(node):
                if isinstance(inner, ast.Call) and last_name(inner.func) in (
                    "sendmail",
                    "send_message",
                ):
                    found |= review.names(inner_file, inner) & _POSTED
        return found
