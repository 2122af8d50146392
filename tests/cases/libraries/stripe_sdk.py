# stripe: calls block, their _async forms do not, checking a signature is local.
import stripe
from fastapi import FastAPI, Request

app = FastAPI()
stripe.api_key = "key"


@app.post("/customers")
async def add_customer(mail: str) -> str:
    customer = stripe.Customer.create(email=mail)  # expect: RW301
    return customer.id


@app.post("/customers-async")
async def add_async(mail: str) -> str:
    customer = await stripe.Customer.create_async(email=mail)
    return customer.id


@app.post("/webhook")
async def webhook(request: Request) -> str:
    payload = await request.body()
    event = stripe.Webhook.construct_event(payload, "t=1,v1=2", "secret")
    return event.type
