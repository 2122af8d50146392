# Lambdas and partials as dependencies.
import time
from functools import partial
from typing import Annotated

from fastapi import Depends, FastAPI

app = FastAPI()


class Store:
    def __init__(self, delay: float) -> None:
        self.delay = delay

    def read(self) -> float:
        time.sleep(self.delay)
        return self.delay


async def checked(limit: int, *, name: str = "x") -> str:
    time.sleep(0.1)  # expect: RW303
    return name * limit


def make(delay: float = 1.0) -> Store:
    time.sleep(delay)
    return Store(delay)


@app.get("/lambda")
async def by_lambda(store: Annotated[Store, Depends(lambda: Store(0.1))]) -> float:
    return store.read()  # expect: RW303


@app.get("/partial")
async def by_partial(store: Annotated[Store, Depends(partial(make, 0.2))]) -> float:
    return store.delay


@app.get("/async-partial")
def by_async_partial(text: Annotated[str, Depends(partial(checked, 3))]) -> str:
    return text
