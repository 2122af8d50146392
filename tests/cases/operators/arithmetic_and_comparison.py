# Operators of a project class are calls.
from __future__ import annotations

import time

from fastapi import FastAPI

app = FastAPI()


class Money:
    def __init__(self, amount: int, currency: str) -> None:
        self.amount = amount
        self.currency = currency

    def __add__(self, other: Money) -> Money:
        time.sleep(0.1)
        return Money(self.amount + other.amount, self.currency)

    def __eq__(self, other: object) -> bool:
        time.sleep(0.1)
        return isinstance(other, Money) and self.amount == other.amount

    def __hash__(self) -> int:
        return hash(self.amount)

    def __sub__(self, other: Money) -> Money:
        return Money(self.amount - other.amount, self.currency)

    def __lt__(self, other: Money) -> bool:
        return self.amount < other.amount


@app.get("/sums")
async def sums() -> dict[str, object]:
    a, b = Money(1, "EUR"), Money(2, "USD")
    total = a + b  # expect: RW303
    rest = a - b
    same = a == b  # expect: RW303
    return {"total": total.amount, "rest": rest.amount, "same": same, "less": a < b}
