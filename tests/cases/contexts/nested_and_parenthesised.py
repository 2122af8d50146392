# Several managers in one with statement: only the one that blocks is reported.
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext

from fastapi import FastAPI

app = FastAPI()


@contextmanager
def quiet() -> Iterator[None]:
    yield


@app.post("/bundle")
async def bundle() -> str:
    with (
        quiet(),
        tempfile.TemporaryDirectory() as folder,  # expect: RW304
        nullcontext("x") as name,
    ):
        return f"{folder}/{name}"
