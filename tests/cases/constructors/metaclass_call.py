# A metaclass whose __call__ blocks before it makes the object.
import time
from typing import Any

from fastapi import FastAPI

app = FastAPI()


class Pooled(type):
    def __call__(cls, *args: Any, **kwargs: Any) -> Any:
        time.sleep(0.1)
        return super().__call__(*args, **kwargs)


class Tagged(type):
    tag = "t"


class Worker(metaclass=Pooled):
    def run(self) -> str:
        return "ran"


class Idle(metaclass=Tagged):
    def run(self) -> str:
        return "idle"


@app.get("/worker")
async def worker() -> str:
    return Worker().run()  # expect: RW303


@app.get("/idle")
async def idle() -> str:
    return Idle().run()
