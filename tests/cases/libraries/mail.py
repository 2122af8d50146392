# smtplib in a helper, and aiosmtplib.
import smtplib
from email.message import EmailMessage

import aiosmtplib
from fastapi import FastAPI

app = FastAPI()


def message(to: str) -> EmailMessage:
    made = EmailMessage()
    made["To"] = to
    made.set_content("Hello")
    return made


def send(to: str) -> None:
    with smtplib.SMTP_SSL("mail.example.com", 465) as server:
        server.login("user", "password")
        server.send_message(message(to))


@app.post("/sync")
async def send_sync(to: str) -> None:
    send(to)  # expect: RW308


@app.post("/async")
async def send_async(to: str) -> None:
    await aiosmtplib.send(message(to), hostname="mail.example.com")
