"""RW306 cpu-bound."""

from __future__ import annotations

from roadworthy.fixes.event_loop.decide import fix
from roadworthy.rules.base import Rule

EFFECTS = ("cpu",)

RULE = Rule(
    code="RW306",
    name="cpu-bound",
    severity="error",
    summary="Heavy computation on the event loop: password hashing, images, models, large files.",
    why="A password hash is made to take a third of a second; for that long no other request moves. Ten logins at once stop the server for three seconds.",
    instead="`await asyncio.to_thread(...)` where the C code frees the interpreter lock; a process pool or a task queue otherwise.",
    wrong="""\
import bcrypt
from fastapi import FastAPI

app = FastAPI()


@app.post("/hash")
async def hash_password(password: str) -> str:
    return bcrypt.hashpw(password.encode(), bcrypt.gensalt()).decode()  # expect: RW306
""",
    right="""\
import asyncio

import bcrypt
from fastapi import FastAPI

app = FastAPI()


@app.post("/hash")
async def hash_password(password: str) -> str:
    hashed = await asyncio.to_thread(bcrypt.hashpw, password.encode(), bcrypt.gensalt())
    return hashed.decode()
""",
    fixed="""\
import asyncio

import bcrypt
from fastapi import FastAPI

app = FastAPI()


@app.post("/hash")
async def hash_password(password: str) -> str:
    return (
        await asyncio.to_thread(bcrypt.hashpw, password.encode(), bcrypt.gensalt())
    ).decode()  # expect: RW306
""",
    fix_summary="It moves the call to a thread. Safe for hashing; other work on objects that requests share is for `--unsafe`.",
    references=(
        "https://docs.python.org/3/library/asyncio-task.html#asyncio.to_thread",
    ),
)

__all__ = ["EFFECTS", "RULE", "fix"]
