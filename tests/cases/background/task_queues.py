# Handing work to a task queue is silent; calling the task like a function is not.
# file: main.py
from fastapi import FastAPI

from jobs import make_report, resize

app = FastAPI()


@app.post("/reports", status_code=202)
async def start(year: int) -> None:
    make_report.delay(year)
    make_report.apply_async(args=[year], countdown=5)
    resize.send("a.png")


@app.get("/reports/{year}")
async def now(year: int) -> str:
    return make_report(year)  # expect: RW303
# file: jobs.py
import time

import dramatiq
from celery import Celery

celery = Celery("jobs", broker="memory://")


@celery.task
def make_report(year: int) -> str:
    time.sleep(30)
    return str(year)


@dramatiq.actor
def resize(name: str) -> None:
    time.sleep(3)
