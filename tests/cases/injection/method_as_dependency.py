# Bound methods as dependencies: sync in the threadpool, async on the loop.
import time
from typing import Annotated

from fastapi import Depends, FastAPI

app = FastAPI()


class Auth:
    def user(self) -> str:
        time.sleep(0.1)
        return "u"

    async def admin(self) -> str:
        return self.user()  # expect: RW303


auth = Auth()


@app.get("/user")
async def user(name: Annotated[str, Depends(auth.user)]) -> str:
    return name


@app.get("/admin")
async def admin(name: Annotated[str, Depends(auth.admin)]) -> str:
    return name
