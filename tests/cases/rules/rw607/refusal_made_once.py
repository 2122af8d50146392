# A dependency that raises an exception which its module holds lets only some in
from typing import Annotated

from fastapi import Depends, FastAPI, HTTPException, Request

app = FastAPI()
REFUSED = HTTPException(status_code=401)
MISSING = HTTPException(status_code=404)


def caller(request: Request) -> str:
    name = request.headers.get("x-name")
    if not name:
        raise REFUSED
    return name


def shop(request: Request) -> str:
    name = request.headers.get("x-shop")
    if not name:
        raise MISSING
    return name


@app.post("/users/{id}/reset-password")
async def reset(id: int, by: Annotated[str, Depends(caller)]) -> None: ...


@app.post("/reset-password")  # expect: RW607
async def forgot(at: Annotated[str, Depends(shop)]) -> None: ...
