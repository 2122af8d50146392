# A bound method kept in a variable or passed on.
import time
from collections.abc import Callable

from fastapi import FastAPI

app = FastAPI()


class Device:
    def measure(self) -> float:
        time.sleep(0.1)
        return 1.0

    def cached(self) -> float:
        return 1.0


device = Device()


def average(read: Callable[[], float], times: int) -> float:
    return sum(read() for _ in range(times)) / times


@app.get("/kept")
async def kept() -> float:
    measure = device.measure
    return measure()  # expect: RW303


@app.get("/passed")
async def passed() -> float:
    return average(device.measure, 3)  # expect: RW303


@app.get("/cached")
async def cached() -> float:
    return average(device.cached, 3)
