# Assigning to a property calls its setter.
import time

from fastapi import FastAPI

app = FastAPI()


class Valve:
    def __init__(self) -> None:
        self._open = False

    @property
    def open(self) -> bool:
        return self._open

    @open.setter
    def open(self, value: bool) -> None:
        time.sleep(1.5)
        self._open = value


valve = Valve()


@app.get("/valve")
async def read_valve() -> bool:
    return valve.open


@app.put("/valve")
async def set_valve(value: bool) -> bool:
    valve.open = value  # expect: RW303
    return value
