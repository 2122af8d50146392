# A cache filled at import time answers later without blocking.
import json
from functools import lru_cache

from fastapi import FastAPI


@lru_cache
def settings() -> dict[str, str]:
    with open("settings.json", encoding="utf-8") as file:
        return json.load(file)


app = FastAPI(title=settings()["title"])


@app.get("/title")
async def title() -> str:
    return settings()["title"]
