# A protocol that describes a library's object: the stand-in that the project has is not all.
import time
from typing import Any, Protocol, TypeVar

from fastapi import FastAPI, HTTPException, Request

app = FastAPI()
Row = TypeVar("Row", covariant=True)


class Table(Protocol[Row]):
    async def find(self, key: str) -> Row | None: ...


class NoTable:
    async def find(self, key: str) -> None:
        return None


def table_of(client: Any) -> Table[Any]:
    return client.table


@app.get("/{key}")
async def read(key: str, request: Request) -> str:
    row = await table_of(request.app.state.client).find(key)
    if row is None:
        raise HTTPException(404)
    time.sleep(1)  # expect: RW303
    return key
