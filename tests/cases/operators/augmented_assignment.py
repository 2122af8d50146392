# += calls __iadd__, or __add__ where there is none.
from __future__ import annotations

import time

from fastapi import FastAPI

app = FastAPI()


class Ledger:
    def __init__(self) -> None:
        self.total = 0

    def __iadd__(self, amount: int) -> Ledger:
        time.sleep(0.1)
        self.total += amount
        return self

    def __isub__(self, amount: int) -> Ledger:
        self.total -= amount
        return self


@app.post("/ledger")
async def book(amount: int) -> int:
    ledger = Ledger()
    ledger -= 1
    ledger += amount  # expect: RW303
    return ledger.total
