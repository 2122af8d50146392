# Default factories and __init__ of a request body.
import time
from typing import Any

from fastapi import FastAPI
from pydantic import BaseModel, Field

app = FastAPI()


def next_number() -> int:
    time.sleep(0.1)  # expect: RW303
    return 7


class Ticket(BaseModel):
    title: str
    number: int = Field(default_factory=next_number)


class Legacy(BaseModel):
    title: str

    def __init__(self, **data: Any) -> None:
        time.sleep(0.1)  # expect: RW303
        super().__init__(**data)


@app.post("/tickets")
async def add(ticket: Ticket) -> int:
    return ticket.number


@app.post("/legacy")
async def add_legacy(ticket: Legacy) -> str:
    return ticket.title
