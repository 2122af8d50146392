# Quotes of the same kind inside an f-string (Python 3.12).
import time

from fastapi import FastAPI

app = FastAPI()


def label(name: str) -> str:
    time.sleep(0.1)
    return name


@app.get("/label")
async def read() -> str:
    return f"<{label("a")}>"  # expect: RW303


@app.get("/quick")
async def quick() -> str:
    return f"<{"b".upper()}>"
