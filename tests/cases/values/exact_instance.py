# Two instances of one class behave by what each was given.
import time

from fastapi import FastAPI

app = FastAPI()


class Sender:
    def __init__(self, *, dry_run: bool) -> None:
        self.dry_run = dry_run

    def send(self, text: str) -> int:
        if not self.dry_run:
            time.sleep(0.1)
        return len(text)


real = Sender(dry_run=False)
rehearsal = Sender(dry_run=True)


@app.post("/real")
async def send(text: str) -> int:
    return real.send(text)  # expect: RW303


@app.post("/rehearsal")
async def rehearse(text: str) -> int:
    return rehearsal.send(text)
