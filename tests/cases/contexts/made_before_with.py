# A context manager that is made on one line and entered on another.
import time
from types import TracebackType

from fastapi import FastAPI

app = FastAPI()


class Slot:
    def __init__(self, number: int) -> None:
        self.number = number

    def __enter__(self) -> int:
        time.sleep(0.2)
        return self.number

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        return None


@app.get("/slots/{number}")
async def read_slot(number: int) -> int:
    slot = Slot(number)
    with slot as taken:  # expect: RW303
        return taken
