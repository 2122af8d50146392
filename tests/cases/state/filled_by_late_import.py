# What a module fills when a call imports it was not there before that call.
# file: app/registry.py
import threading

_lock = threading.Lock()
_late: list[str] | None = None
_early: list[str] | None = None


def late() -> list[str]:
    global _late
    if _late is None:
        with _lock:
            if _late is None:
                _late = []
    return _late


def early() -> list[str]:
    global _early
    if _early is None:
        with _lock:
            if _early is None:
                _early = []
    return _early


early()


# file: app/plugin.py
from app.registry import late

late().append("plugin")


# file: app/main.py
from fastapi import FastAPI

from app.registry import early, late

app = FastAPI()


@app.post("/plugins")
async def load() -> None:
    import app.plugin  # noqa: F401


@app.get("/late")
async def read_late() -> list[str]:
    return late()  # expect: RW307


@app.get("/early")
async def read_early() -> list[str]:
    return early()
