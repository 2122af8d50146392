"""RW303 blocking-sleep."""

from __future__ import annotations

from roadworthy.rules.base import Rule

EFFECTS = ("sleep",)

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
    references=(
        "https://docs.python.org/3/library/asyncio-dev.html#running-blocking-code",
    ),
)
