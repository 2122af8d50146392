# Threads and timers run elsewhere; joining them blocks.
import threading
import time

from fastapi import FastAPI

app = FastAPI()


def work() -> None:
    time.sleep(0.1)


class Worker(threading.Thread):
    def run(self) -> None:
        time.sleep(0.1)


@app.post("/start")
async def start() -> None:
    threading.Thread(target=work, daemon=True).start()
    Worker().start()
    threading.Timer(1.0, work).start()


@app.post("/wait")
async def wait() -> None:
    thread = threading.Thread(target=work)
    thread.start()
    thread.join()  # expect: RW307
