# Files read at start stay warnings; asking for metadata stays advice.
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from fastapi import FastAPI


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    path = Path("limits.json")
    if path.exists():  # expect: RW304 advice
        app.state.limits = path.read_text(encoding="utf-8")  # expect: RW304
    yield


app = FastAPI(lifespan=lifespan)


@app.get("/")
async def index() -> str:
    return "index"
