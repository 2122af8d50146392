# Blocking behind and, or and conditional expressions counts where it may be reached.
import time

from fastapi import FastAPI

app = FastAPI()


def slow() -> bool:
    time.sleep(0.1)
    return True


@app.get("/and")
async def with_and(wanted: bool) -> bool:
    return wanted and slow()  # expect: RW303


@app.get("/or")
async def with_or(known: bool) -> bool:
    return known or slow()  # expect: RW303


@app.get("/ternary")
async def ternary(wanted: bool) -> bool:
    return slow() if wanted else False  # expect: RW303


@app.get("/never")
async def never() -> bool:
    return (False and slow()) or (True or slow())
