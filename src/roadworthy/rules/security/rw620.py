"""RW620 request-forgery."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from roadworthy.findings import Finding
from roadworthy.rules.base import Rule
from roadworthy.rules.review import Review
from roadworthy.rules.security.authentication import guards
from roadworthy.rules.security.outgoing import Outgoing, outgoing_calls
from roadworthy.rules.security.questions import Question
from roadworthy.rules.security.tracing import tracer
from roadworthy.values.atoms import Instance

RULE = Rule(
    code="RW620",
    name="request-forgery",
    severity="error",
    summary="An outgoing request to a URL that the client sends.",
    why=(
        "The service sits inside the network: with it, a client reaches databases, "
        "neighbours and the cloud's metadata (`http://169.254.169.254/`), and reads the "
        "credentials there."
    ),
    instead=(
        "Check the host against an allow list, refuse private addresses after "
        "resolving, or build the URL on a fixed host."
    ),
    wrong="""\
import httpx
from fastapi import FastAPI

app = FastAPI()
client = httpx.AsyncClient()


@app.post("/preview")
async def preview(url: str) -> str:
    answer = await client.get(url)  # expect: RW620
    return answer.text
""",
    right="""\
from urllib.parse import urlsplit

import httpx
from fastapi import FastAPI, HTTPException

ALLOWED = {"images.example.com", "docs.example.com"}

app = FastAPI()
client = httpx.AsyncClient()


@app.post("/preview")
async def preview(url: str) -> str:
    if urlsplit(url).hostname not in ALLOWED:
        raise HTTPException(400, "This host is not allowed")
    answer = await client.get(url)
    return answer.text
""",
    references=(
        "https://owasp.org/API-Security/editions/2023/en/"
        "0xa7-server-side-request-forgery/",
    ),
)

_QUESTION = Question(head=True, host=True)


def _has_own_transport(review: Review, outgoing: Outgoing) -> bool:
    """Whether the client is made with a transport of the project's own.

    Such a one sees each address before a connection is made; that is what it is for.
    """
    around: ast.AST = outgoing.function
    for outer in outgoing.file.ancestors(outgoing.function):
        if isinstance(outer, (ast.FunctionDef, ast.AsyncFunctionDef)):
            around = outer
    return any(
        isinstance(atom, Instance)
        for part in ast.walk(around)
        if isinstance(part, ast.keyword) and part.arg == "transport"
        for atom in review.value(outgoing.file, part.value)
    )


def check(review: Review) -> Iterator[Finding]:
    """Flag outgoing calls whose URL begins with what a client sent."""
    trace = tracer(review)
    guard = guards(review)
    for outgoing in outgoing_calls(review):
        if outgoing.url is None or _has_own_transport(review, outgoing):
            continue
        origin = trace.client(outgoing.file, outgoing.url, _QUESTION)
        if origin is None:
            continue
        handler = origin.handler
        if handler is not None and guard.is_administrators(handler):
            continue  # where to reach a service is for them to say
        yield review.finding(
            RULE,
            outgoing.file,
            outgoing.call,
            f"the client chooses where this request goes (`{origin.text}`)",
            entry=handler,
        )
