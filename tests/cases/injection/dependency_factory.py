# A function that makes dependencies: what it is given decides.
import time
from collections.abc import Callable, Coroutine
from typing import Annotated, Any

from fastapi import Depends, FastAPI

app = FastAPI()


def require(role: str) -> Callable[[], Coroutine[Any, Any, str]]:
    async def check() -> str:
        time.sleep(0.1)  # expect: RW303
        return role

    return check


def require_in_pool(role: str) -> Callable[[], str]:
    def check() -> str:
        time.sleep(0.1)
        return role

    return check


@app.get("/admin")
def admin(role: Annotated[str, Depends(require("admin"))]) -> str:
    return role


@app.get("/user", dependencies=[Depends(require_in_pool("user"))])
async def user() -> str:
    return "user"
