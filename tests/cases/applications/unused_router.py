# Handlers of a router that no application includes are silent.
import time

from fastapi import APIRouter, FastAPI

app = FastAPI()
old = APIRouter()


@old.get("/old")
async def old_route() -> str:
    time.sleep(1)
    return "old"


@app.get("/new")
async def new_route() -> str:
    return "new"
