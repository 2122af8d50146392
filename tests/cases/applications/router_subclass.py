# A subclass of APIRouter and one of FastAPI.
import time
from typing import Any

from fastapi import APIRouter, FastAPI


class VersionedRouter(APIRouter):
    def __init__(self, version: int, **kwargs: Any) -> None:
        super().__init__(prefix=f"/v{version}", **kwargs)


class Service(FastAPI):
    def __init__(self) -> None:
        super().__init__(title="service")


router = VersionedRouter(2)
app = Service()


@router.get("/slow")
async def slow() -> str:
    time.sleep(0.1)  # expect: RW303
    return "slow"


@app.get("/direct")
async def direct() -> str:
    time.sleep(0.1)  # expect: RW303
    return "direct"


app.include_router(router)
