# An object handed on through a context variable.
import time
from contextvars import ContextVar

from fastapi import FastAPI

app = FastAPI()


class Session:
    def flush(self) -> int:
        time.sleep(0.1)
        return 1


current: ContextVar[Session] = ContextVar("current")


@app.post("/flush")
async def flush() -> int:
    token = current.set(Session())
    try:
        return current.get().flush()  # expect: RW303
    finally:
        current.reset(token)
