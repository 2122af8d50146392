# A cached settings provider as a dependency, and called by hand on the loop.
import json
from functools import lru_cache
from typing import Annotated

from fastapi import Depends, FastAPI

app = FastAPI()


@lru_cache
def settings() -> dict[str, str]:
    with open("settings.json", encoding="utf-8") as file:
        return json.load(file)


@app.get("/injected")
async def injected(values: Annotated[dict[str, str], Depends(settings)]) -> str:
    return values["title"]


@app.get("/by-hand")
async def by_hand() -> str:
    return settings()["title"]  # expect: RW304
