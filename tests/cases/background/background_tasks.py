# BackgroundTasks: def tasks run in the threadpool, async ones on the loop.
import time

from fastapi import BackgroundTasks, FastAPI

app = FastAPI()


def write_log(text: str) -> None:
    time.sleep(0.1)


async def send_mail(to: str) -> None:
    time.sleep(0.1)  # expect: RW303


@app.post("/signup")
async def signup(to: str, tasks: BackgroundTasks) -> None:
    tasks.add_task(write_log, to)
    tasks.add_task(send_mail, to=to)


@app.post("/by-hand")
async def by_hand(to: str, tasks: BackgroundTasks) -> None:
    tasks.add_task(print, write_log(to))  # expect: RW303
