"""RW304 blocking-file."""

from __future__ import annotations

from roadworthy.fixes.event_loop.decide import fix
from roadworthy.rules.base import Rule

EFFECTS = ("file", "file-metadata", "file-log")

RULE = Rule(
    code="RW304",
    name="blocking-file",
    severity="warning",
    summary="Reading or writing files on the event loop.",
    why="A file on a busy or network disk takes long to answer, and the event loop answers nobody meanwhile.",
    instead="`aiofiles` or `anyio.Path`, or `await asyncio.to_thread(...)` around the function that does the work.",
    wrong="""\
from pathlib import Path
from fastapi import FastAPI

app = FastAPI()


@app.get("/terms")
async def read_terms() -> str:
    return Path("terms.txt").read_text()  # expect: RW304
""",
    right="""\
import anyio
from fastapi import FastAPI

app = FastAPI()


@app.get("/terms")
async def read_terms() -> str:
    return await anyio.Path("terms.txt").read_text()
""",
    fixed="""\
import asyncio
from pathlib import Path
from fastapi import FastAPI

app = FastAPI()


@app.get("/terms")
async def read_terms() -> str:
    return await asyncio.to_thread(Path("terms.txt").read_text)  # expect: RW304
""",
    fix_summary="It moves the work to a thread: a single call as it is, a `with open(...)` block as a function, and a file that is read or written whole as a method of `Path`. Safe where nothing but the file is touched.",
    references=("https://anyio.readthedocs.io/en/stable/fileio.html",),
)

__all__ = ["EFFECTS", "RULE", "fix"]
