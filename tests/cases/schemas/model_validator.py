# model_validator, before and after, and model_post_init of a request body.
import time
from typing import Any

from fastapi import FastAPI
from pydantic import BaseModel, model_validator

app = FastAPI()


class Booking(BaseModel):
    start: int
    end: int

    @model_validator(mode="before")
    @classmethod
    def normalise(cls, data: Any) -> Any:
        time.sleep(0.1)  # expect: RW303
        return data

    @model_validator(mode="after")
    def ordered(self) -> "Booking":
        time.sleep(0.1)  # expect: RW303
        return self

    def model_post_init(self, context: Any) -> None:
        time.sleep(0.1)  # expect: RW303


@app.post("/bookings")
async def book(booking: Booking) -> int:
    return booking.end - booking.start
