# BackgroundTask on a response, added in a helper of the dependency.
import time
from typing import Annotated

from fastapi import BackgroundTasks, Depends, FastAPI
from fastapi.responses import JSONResponse
from starlette.background import BackgroundTask

app = FastAPI()


async def notify(name: str) -> None:
    time.sleep(0.1)  # expect: RW303


def archive(name: str) -> None:
    time.sleep(0.1)


async def audit(name: str) -> None:
    time.sleep(0.1)  # expect: RW303


def with_audit(tasks: BackgroundTasks) -> BackgroundTasks:
    tasks.add_task(audit, "x")
    return tasks


@app.post("/notify")
async def post_notify() -> JSONResponse:
    return JSONResponse({}, background=BackgroundTask(notify, "a"))


@app.post("/archive")
async def post_archive() -> JSONResponse:
    return JSONResponse({}, background=BackgroundTask(archive, name="a"))


@app.post("/audit")
async def post_audit(tasks: Annotated[BackgroundTasks, Depends(with_audit)]) -> int:
    return len(tasks.tasks)
