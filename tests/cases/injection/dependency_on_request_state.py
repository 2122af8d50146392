# A service that a dependency reads from app.state, where the lifespan put it.
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated

import requests
from fastapi import Depends, FastAPI, Request


class Billing:
    def __init__(self) -> None:
        self.session = requests.Session()

    def invoice(self, number: int) -> str:
        return self.session.get(f"https://b.example.com/{number}").text


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    app.state.billing = Billing()
    yield


app = FastAPI(lifespan=lifespan)


def get_billing(request: Request) -> Billing:
    return request.app.state.billing


@app.get("/invoices/{number}")
async def read(number: int, billing: Annotated[Billing, Depends(get_billing)]) -> str:
    return billing.invoice(number)  # expect: RW301
