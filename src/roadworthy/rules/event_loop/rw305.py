"""RW305 blocking-subprocess."""

from __future__ import annotations

from roadworthy.fixes.event_loop.decide import fix
from roadworthy.rules.base import Rule

EFFECTS = ("subprocess", "subprocess-log")

RULE = Rule(
    code="RW305",
    name="blocking-subprocess",
    severity="error",
    summary="Running another program on the event loop and waiting for it.",
    why="Until the program ends, the event loop runs nothing else; starting it alone copies the process.",
    instead="`asyncio.create_subprocess_exec` and `await process.communicate()`.",
    wrong="""\
import subprocess
from fastapi import FastAPI

app = FastAPI()


@app.get("/version")
async def read_version() -> str:
    done = subprocess.run(["git", "rev-parse", "HEAD"], capture_output=True)  # expect: RW305
    return done.stdout.decode()
""",
    right="""\
import asyncio
from fastapi import FastAPI

app = FastAPI()


@app.get("/version")
async def read_version() -> str:
    process = await asyncio.create_subprocess_exec(
        "git", "rev-parse", "HEAD", stdout=asyncio.subprocess.PIPE
    )
    output, _ = await process.communicate()
    return output.decode()
""",
    fixed="""\
import asyncio
from fastapi import FastAPI

app = FastAPI()


@app.get("/version")
async def read_version() -> str:
    process = await asyncio.create_subprocess_exec(
        "git",
        "rev-parse",
        "HEAD",
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    stdout, stderr = await process.communicate()  # expect: RW305
    return stdout.decode()
""",
    fix_summary="`subprocess.run` becomes `asyncio.create_subprocess_exec` where its arguments allow; anything else moves to a thread.",
    references=("https://docs.python.org/3/library/asyncio-subprocess.html",),
)

__all__ = ["EFFECTS", "RULE", "fix"]
