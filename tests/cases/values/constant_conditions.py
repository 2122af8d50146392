# Conditions that are constant: TYPE_CHECKING, False, a Final flag, __debug__-like guards.
import time
from typing import TYPE_CHECKING, Final

from fastapi import FastAPI

app = FastAPI()
PROFILE: Final = False


@app.get("/type-checking")
async def type_checking() -> None:
    if TYPE_CHECKING:
        time.sleep(1)


@app.get("/false")
async def false() -> None:
    if False:
        time.sleep(1)
    while False:
        time.sleep(1)


@app.get("/flag")
async def flag() -> None:
    if PROFILE:
        time.sleep(1)
    if not PROFILE:
        time.sleep(1)  # expect: RW303
