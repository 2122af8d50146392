# A mail as the last step, and a webhook posted in the handler itself
from email.message import EmailMessage

import aiosmtplib
import httpx
from fastapi import FastAPI

app = FastAPI()
client = httpx.AsyncClient()


async def save(name: str) -> None: ...


async def welcome(name: str) -> None:
    await aiosmtplib.send(EmailMessage(), hostname="mail")


@app.post("/1")
async def register(name: str) -> dict[str, str]:
    await save(name)
    await welcome(name)  # expect: RW313
    return {"name": name}


@app.post("/2")
async def order(name: str) -> None:
    await save(name)
    await client.post("https://x.example/webhooks/1")  # expect: RW313
