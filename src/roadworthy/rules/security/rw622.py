"""RW622 open-redirect."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from roadworthy.findings import Finding
from roadworthy.rules.base import Rule
from roadworthy.rules.files import own_nodes
from roadworthy.rules.review import Review
from roadworthy.rules.security.questions import Question
from roadworthy.rules.security.tracing import tracer

RULE = Rule(
    code="RW622",
    name="open-redirect",
    severity="warning",
    summary="A redirect to a URL that the client sends.",
    why=(
        "A link to your own domain then leads to anybody's: it passes for yours in "
        "mails, and takes codes and tokens of a login along."
    ),
    instead="Redirect to a path of your own, or check the host against a list.",
    wrong="""\
from fastapi import FastAPI
from fastapi.responses import RedirectResponse

app = FastAPI()


@app.get("/leave")
async def leave(next: str) -> RedirectResponse:
    return RedirectResponse(next)  # expect: RW622
""",
    right="""\
from fastapi import FastAPI
from fastapi.responses import RedirectResponse

PAGES = {"home": "/", "orders": "/orders"}
app = FastAPI()


@app.get("/leave")
async def leave(next: str) -> RedirectResponse:
    return RedirectResponse(PAGES.get(next, "/"))
""",
    references=(
        "https://cheatsheetseries.owasp.org/cheatsheets/"
        "Unvalidated_Redirects_and_Forwards_Cheat_Sheet.html",
    ),
)

_QUESTION = Question(
    head=True, cleansing=frozenset({"path", "url_for", "netloc"}), headers=False
)


def check(review: Review) -> Iterator[Finding]:
    """Flag redirects whose target begins with what a client sent."""
    trace = tracer(review)
    for file in review.files:
        if not file.mentions("RedirectResponse"):
            continue
        for node, _ in review.reached_functions(file):
            for call in own_nodes(node):
                if not isinstance(call, ast.Call):
                    continue
                names = review.static_names(file, call)
                if not any(
                    name.endswith(".RedirectResponse")
                    and name.startswith(("fastapi.", "starlette."))
                    for name in names
                ):
                    continue
                target = call.args[0] if call.args else None
                for keyword in call.keywords:
                    if keyword.arg == "url":
                        target = keyword.value
                if target is None:
                    continue
                origin = trace.client(file, target, _QUESTION)
                if origin is not None:
                    yield review.finding(
                        RULE,
                        file,
                        call,
                        f"the client chooses where this leads (`{origin.text}`)",
                        entry=origin.handler,
                    )
