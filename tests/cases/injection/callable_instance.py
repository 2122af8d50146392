# Instances as dependencies: a sync __call__ runs in the threadpool, an async one does not.
import time
from typing import Annotated

from fastapi import Depends, FastAPI

app = FastAPI()


class RateLimit:
    def __init__(self, per_minute: int) -> None:
        self.per_minute = per_minute

    def __call__(self) -> int:
        time.sleep(0.1)
        return self.per_minute


class AsyncRateLimit:
    def __init__(self, per_minute: int) -> None:
        self.per_minute = per_minute

    async def __call__(self) -> int:
        time.sleep(0.1)  # expect: RW303
        return self.per_minute


@app.get("/sync")
async def sync_limit(limit: Annotated[int, Depends(RateLimit(10))]) -> int:
    return limit


@app.get("/async")
async def async_limit(limit: Annotated[int, Depends(AsyncRateLimit(10))]) -> int:
    return limit
