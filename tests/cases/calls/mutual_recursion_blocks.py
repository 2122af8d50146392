# Two functions that call each other, one of which sleeps before it goes on.
import time

from fastapi import FastAPI

app = FastAPI()


def attempt(n: int) -> bool:
    if n > 3:
        return False
    return back_off(n)


def back_off(n: int) -> bool:
    time.sleep(2**n)
    return attempt(n + 1)


@app.post("/sync")
async def synchronise() -> dict[str, bool]:
    return {"ok": attempt(0)}  # expect: RW303
