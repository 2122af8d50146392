# Methods of enums and named tuples.
import time
from enum import Enum
from typing import NamedTuple

from fastapi import FastAPI

app = FastAPI()


class Level(Enum):
    LOW = 1
    HIGH = 2

    def wait(self) -> int:
        time.sleep(self.value)
        return self.value

    @property
    def label(self) -> str:
        return self.name.lower()


class Pair(NamedTuple):
    left: int
    right: int

    def slow_sum(self) -> int:
        time.sleep(0.1)
        return self.left + self.right

    def quick_sum(self) -> int:
        return self.left + self.right


@app.get("/level")
async def level() -> str:
    Level.HIGH.wait()  # expect: RW303
    return Level.LOW.label


@app.get("/pair")
async def pair() -> int:
    numbers = Pair(1, 2)
    return numbers.slow_sum() + numbers.quick_sum()  # expect: RW303
