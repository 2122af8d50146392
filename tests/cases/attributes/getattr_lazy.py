# __getattr__ answers for names that are not there.
import time
from typing import Any

from fastapi import FastAPI

app = FastAPI()


class Lazy:
    ready = True

    def __getattr__(self, name: str) -> Any:
        time.sleep(1)
        return name


lazy = Lazy()


@app.get("/ready")
async def ready() -> bool:
    return lazy.ready


@app.get("/version")
async def version() -> str:
    return lazy.version  # expect: RW303
