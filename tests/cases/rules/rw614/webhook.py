# To a service that calls a webhook, 200 says only that the call has arrived.
from typing import Annotated

from fastapi import FastAPI, Header

app = FastAPI()


@app.post("/payments")
async def payment(stripe_signature: Annotated[str, Header()]):
    if stripe_signature != "known":
        return {"success": False}
    return {"success": True}


@app.post("/webhooks/mail")
async def mail():
    return {"success": False}


@app.post("/orders")
async def order():
    return {"success": False}  # expect: RW614
