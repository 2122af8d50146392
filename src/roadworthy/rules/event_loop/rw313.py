"""RW313 work-before-response."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from roadworthy.findings import Finding
from roadworthy.rules.base import Rule
from roadworthy.rules.event_loop.places import last_name
from roadworthy.rules.event_loop.services import MAILS, WRITES, Services
from roadworthy.rules.files import ReviewedFile, own_nodes
from roadworthy.rules.handlers import Handler
from roadworthy.rules.nodes import walk
from roadworthy.rules.review import Review

RULE = Rule(
    code="RW313",
    name="work-before-response",
    severity="advice",
    summary="A handler that awaits a notification before it answers.",
    why=(
        "The client waits for a mail server or webhook that its answer does not depend "
        "on; and when that one fails, the request fails although the work was done, and "
        "the client does it again."
    ),
    instead="`background_tasks.add_task(send_mail, …)`, which runs after the response.",
    wrong="""\
import httpx
from fastapi import FastAPI

app = FastAPI()
client = httpx.AsyncClient()
users: list[str] = []


async def save(name: str) -> None:
    users.append(name)


async def notify(name: str) -> None:
    await client.post("https://hooks.example/new-user", json={"name": name})


@app.post("/users")
async def create_user(name: str) -> dict[str, str]:
    await save(name)
    await notify(name)  # expect: RW313
    return {"name": name}
""",
    right="""\
import httpx
from fastapi import BackgroundTasks, FastAPI

app = FastAPI()
client = httpx.AsyncClient()
users: list[str] = []


async def save(name: str) -> None:
    users.append(name)


async def notify(name: str) -> None:
    await client.post("https://hooks.example/new-user", json={"name": name})


@app.post("/users")
async def create_user(name: str, background: BackgroundTasks) -> dict[str, str]:
    await save(name)
    background.add_task(notify, name)
    return {"name": name}
""",
    references=("https://fastapi.tiangolo.com/tutorial/background-tasks/",),
)

_PURPOSES = (
    "alert",
    "analytics",
    "audit",
    "email",
    "emit",
    "event",
    "mail",
    "metric",
    "notif",
    "slack",
    "sms",
    "telemetry",
    "track",
    "webhook",
)
_PURPOSE = re.compile("|".join(_PURPOSES))


def check(review: Review) -> Iterator[Finding]:
    """Flag the last steps of handlers that only tell somebody else."""
    services = Services(review)
    for handler in review.handlers():
        node = handler.node
        if not isinstance(node, ast.AsyncFunctionDef) or handler.is_websocket:
            continue
        for call in _last_steps(node):
            if _comes_first(node, call) or not _tells(review, handler, services, call):
                continue
            yield review.finding(
                RULE,
                handler.file,
                call,
                f"the client waits for `{handler.file.text(call.func)}(...)`, on which "
                "the answer does not depend",
                entry=handler,
            )


def _last_steps(node: ast.AsyncFunctionDef) -> Iterator[ast.Call]:
    """Yield the awaited calls, their results unused, just before a handler ends."""
    body = list(node.body)
    if body and isinstance(body[-1], ast.Return):
        last = body.pop()
        assert isinstance(last, ast.Return)
        if last.value is not None and any(
            isinstance(inner, ast.Await) for inner in walk(last.value)
        ):
            return
    while body:
        statement = body.pop()
        if (
            isinstance(statement, ast.Expr)
            and isinstance(statement.value, ast.Await)
            and isinstance(statement.value.value, ast.Call)
        ):
            yield statement.value.value
        elif isinstance(statement, ast.Assign) and not any(
            isinstance(inner, (ast.Await, ast.Call)) for inner in walk(statement)
        ):
            continue
        else:
            return


def _comes_first(node: ast.AsyncFunctionDef, call: ast.Call) -> bool:
    """Whether nothing was awaited or called before: then this is what was asked for."""
    return not any(
        isinstance(inner, ast.Await) and inner.lineno < call.lineno
        for inner in own_nodes(node)
    )


def _tells(
    review: Review, handler: Handler, services: Services, call: ast.Call
) -> bool:
    """Whether a call sends a mail, or does outgoing work that is a notification."""
    asked = services.asked(handler.file, call)
    if not asked & (MAILS | WRITES):
        return False
    own = f"{handler.node.name} {handler.declaration.path}".lower()
    if _PURPOSE.search(own) or "notify" in own or "send" in own:
        # Telling somebody is what the client asks for.
        return False
    if asked <= MAILS:
        return True
    target = _target(review, handler.file, call)
    return bool(_PURPOSE.search(target) or "notify" in target)


def _target(review: Review, file: ReviewedFile, call: ast.Call) -> str:
    """Return what is called, and where a request goes, in lower case."""
    names = review.names(file, call)
    project = " ".join(name.rpartition(".")[2] for name in names)
    url = call.args[0] if call.args else None
    given = url.value if isinstance(url, ast.Constant) else ""
    text = given if isinstance(given, str) else ""
    return f"{project or last_name(call.func)} {text}".lower()
