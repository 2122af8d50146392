# Managers entered through an ExitStack, sync and async.
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, ExitStack, asynccontextmanager, contextmanager

from fastapi import FastAPI

app = FastAPI()


@contextmanager
def slow_lock() -> Iterator[str]:
    time.sleep(0.3)
    yield "locked"


@contextmanager
def tag() -> Iterator[str]:
    yield "tag"


@asynccontextmanager
async def slow_session() -> AsyncIterator[str]:
    time.sleep(0.3)  # expect: RW303
    yield "session"


@app.get("/stack")
async def stack() -> list[str]:
    with ExitStack() as managers:
        first = managers.enter_context(tag())
        second = managers.enter_context(slow_lock())  # expect: RW303
        return [first, second]


@app.get("/async-stack")
async def async_stack() -> list[str]:
    async with AsyncExitStack() as managers:
        first = managers.enter_context(slow_lock())  # expect: RW303
        second = await managers.enter_async_context(slow_session())
        return [first, second]
