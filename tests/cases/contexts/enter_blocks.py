# A project class whose __enter__ blocks, one whose __exit__ does, one that is quick.
import time
from types import TracebackType

from fastapi import FastAPI

app = FastAPI()


class Base:
    def __enter__(self) -> "Base":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        return None


class WarmUp(Base):
    def __enter__(self) -> "WarmUp":
        time.sleep(0.5)
        return self


class CoolDown(Base):
    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        time.sleep(0.5)


@app.get("/warm")
async def warm() -> str:
    with WarmUp():  # expect: RW303
        return "warm"


@app.get("/cool")
async def cool() -> str:
    with CoolDown():  # expect: RW303
        return "cool"


@app.get("/plain")
async def plain() -> str:
    with Base():
        return "plain"
