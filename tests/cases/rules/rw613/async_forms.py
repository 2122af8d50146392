# Errors dropped in loops, dependencies and clean-up of asynchronous code
import asyncio
import contextlib
import logging

import sentry_sdk
from fastapi import Depends, FastAPI

app = FastAPI()
log = logging.getLogger(__name__)


async def call(name: str) -> str:
    await asyncio.sleep(0)
    return name


async def first(names: list[str]) -> str | None:
    for name in names:
        try:
            return await call(name)
        except Exception:  # expect: RW613
            pass
    return None


async def told(name: str) -> str | None:
    try:
        return await call(name)
    except Exception as error:
        sentry_sdk.capture_exception(error)
        return None


async def suppressed(name: str) -> None:
    with contextlib.suppress(Exception):
        await call(name)


async def default(name: str = "") -> dict[str, str]:
    try:
        return {"name": await call(name)}
    except Exception:  # expect: RW613
        return {}


async def warned(name: str) -> bool:
    try:
        await call(name)
    except Exception:
        log.warning("no %s", name)
        return False
    return True


async def cancelled(name: str) -> None:
    try:
        await call(name)
    except asyncio.CancelledError:
        pass


@app.get("/")
async def root(found: dict[str, str] = Depends(default)) -> list[object]:
    await suppressed("a")
    await cancelled("b")
    return [await first(["a"]), await told("b"), await warned("c"), found]
