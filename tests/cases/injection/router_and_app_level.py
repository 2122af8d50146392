# Dependencies of the application, a router, an include and a decorator all run on the loop.
import time

from fastapi import APIRouter, Depends, FastAPI


async def for_app() -> None:
    time.sleep(0.1)  # expect: RW303


async def for_router() -> None:
    time.sleep(0.1)  # expect: RW303


async def for_include() -> None:
    time.sleep(0.1)  # expect: RW303


async def for_route() -> None:
    time.sleep(0.1)  # expect: RW303


async def for_nothing() -> None:
    time.sleep(0.1)


def in_pool() -> None:
    time.sleep(0.1)


router = APIRouter(dependencies=[Depends(for_router)])


@router.get("/x", dependencies=[Depends(for_route), Depends(in_pool)])
def read() -> str:
    return "x"


app = FastAPI(dependencies=[Depends(for_app)])
app.include_router(router, dependencies=[Depends(for_include)])
