# async def dependencies run on the loop, generators too.
import time
from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import Depends, FastAPI, Header, HTTPException

app = FastAPI()


async def current_user(x_user: Annotated[str, Header()] = "") -> str:
    time.sleep(0.1)  # expect: RW303
    if not x_user:
        raise HTTPException(401)
    return x_user


async def tracing() -> AsyncIterator[str]:
    yield "trace"
    time.sleep(0.1)  # expect: RW303


async def never_used() -> str:
    time.sleep(0.1)
    return "never"


@app.get("/me", dependencies=[Depends(tracing)])
def me(user: Annotated[str, Depends(current_user)]) -> str:
    return user
