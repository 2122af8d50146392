"""RW303 blocking-sleep."""

from __future__ import annotations

from roadworthy.fixes.event_loop.decide import fix
from roadworthy.rules.base import Rule

EFFECTS = ("sleep", "sleep-log")

RULE = Rule(
    code="RW303",
    name="blocking-sleep",
    severity="error",
    summary="`time.sleep` on the event loop.",
    why="The sleep stops every request of the process, not only this one.",
    instead="`await asyncio.sleep(...)`.",
    wrong="""\
import time
from fastapi import FastAPI

app = FastAPI()


@app.get("/slow")
async def slow() -> str:
    time.sleep(1)  # expect: RW303
    return "done"
""",
    right="""\
import asyncio
from fastapi import FastAPI

app = FastAPI()


@app.get("/slow")
async def slow() -> str:
    await asyncio.sleep(1)
    return "done"
""",
    fixed="""\
import asyncio
from fastapi import FastAPI

app = FastAPI()


@app.get("/slow")
async def slow() -> str:
    await asyncio.sleep(1)  # expect: RW303
    return "done"
""",
    fix_summary="`time.sleep` becomes `await asyncio.sleep`; a call that only comes to it moves to a thread, or becomes asynchronous with `--deep`.",
    references=(
        "https://docs.python.org/3/library/asyncio-dev.html#running-blocking-code",
    ),
)

__all__ = ["EFFECTS", "RULE", "fix"]
