"""RW307 blocking-wait."""

from __future__ import annotations

from roadworthy.fixes.event_loop.decide import fix
from roadworthy.rules.base import Rule

EFFECTS = ("wait",)

RULE = Rule(
    code="RW307",
    name="blocking-wait",
    severity="error",
    summary="Waiting on the event loop for a thread, a lock, a queue or another loop.",
    why="The event loop stands still until the other thread moves; where that thread needs the loop, both stand still for ever.",
    instead="The asyncio counterpart: `asyncio.Lock`, `asyncio.Queue`, `await asyncio.wrap_future(...)`, `await` instead of `asyncio.run`.",
    wrong="""\
import queue
from fastapi import FastAPI

app = FastAPI()
jobs: queue.Queue[str] = queue.Queue()


@app.get("/next")
async def next_job() -> str:
    return jobs.get()  # expect: RW307
""",
    right="""\
import asyncio
from fastapi import FastAPI

app = FastAPI()
jobs: asyncio.Queue[str] = asyncio.Queue()


@app.get("/next")
async def next_job() -> str:
    return await jobs.get()
""",
    fixed="""\
import asyncio
import queue
from fastapi import FastAPI

app = FastAPI()
jobs: queue.Queue[str] = queue.Queue()


@app.get("/next")
async def next_job() -> str:
    return await asyncio.to_thread(jobs.get)  # expect: RW307
""",
    fix_summary="It moves the wait to a thread, which the loop awaits. Locks, and `asyncio.run` on the loop, are left.",
    fix_safe=False,
    references=("https://docs.python.org/3/library/asyncio-sync.html",),
)

__all__ = ["EFFECTS", "RULE", "fix"]
