# except A, B: without parentheses (Python 3.14).
import time

from fastapi import FastAPI

app = FastAPI()


def parse(text: str) -> int:
    try:
        return int(text)
    except ValueError, TypeError:
        time.sleep(0.1)
        return 0


@app.get("/parse")
async def read(text: str) -> int:
    return parse(text)  # expect: RW303


@app.get("/quick")
async def quick(text: str) -> int:
    try:
        return int(text)
    except ValueError, TypeError:
        return 0
