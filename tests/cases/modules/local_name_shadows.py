# Parameters and local variables that shadow a module's name.
import time
from dataclasses import dataclass

from fastapi import FastAPI

app = FastAPI()


@dataclass
class Clock:
    offset: int = 0

    def sleep(self, seconds: int) -> int:
        return self.offset + seconds


def advance(time: Clock) -> int:
    return time.sleep(4)


@app.get("/virtual")
async def virtual() -> int:
    return advance(Clock())


@app.get("/real")
async def real() -> None:
    time.sleep(4)  # expect: RW303
