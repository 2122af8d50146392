# A context manager used as a decorator of a helper is entered where the helper is called.
import time
from contextlib import ContextDecorator
from types import TracebackType

from fastapi import FastAPI

app = FastAPI()


class pausing(ContextDecorator):
    def __enter__(self) -> "pausing":
        time.sleep(0.2)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        return None


@pausing()
def greet(name: str) -> str:
    return f"Hello {name}"


@app.get("/greet")
async def greeting(name: str) -> str:
    return greet(name)  # expect: RW303
