# def dependencies, plain and generator, run in the threadpool; their caller is on the loop.
import time
from collections.abc import Iterator
from typing import Annotated

from fastapi import Depends, FastAPI

app = FastAPI()


def slow_number() -> int:
    time.sleep(0.1)
    return 4


def slow_resource() -> Iterator[str]:
    time.sleep(0.1)
    try:
        yield "resource"
    finally:
        time.sleep(0.1)


@app.get("/")
async def read(
    number: Annotated[int, Depends(slow_number)],
    resource: Annotated[str, Depends(slow_resource)],
) -> dict[str, object]:
    return {"number": number, "resource": resource}


@app.get("/by-hand")
async def by_hand() -> int:
    return slow_number()  # expect: RW303
