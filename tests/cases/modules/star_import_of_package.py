# import * through a package that itself collects by import *.
# file: app/main.py
from app.services import *
from fastapi import FastAPI

app = FastAPI()


@app.post("/mail")
async def send(to: str) -> dict[str, str]:
    address = clean(to)
    deliver(address)  # expect: RW308
    return {"to": address}
# file: app/__init__.py
# file: app/services/__init__.py
from .mail import *
from .text import *
# file: app/services/mail.py
import smtplib


def deliver(to: str) -> None:
    with smtplib.SMTP("localhost") as server:
        server.sendmail("noreply@example.com", to, "hello")
# file: app/services/text.py
def clean(text: str) -> str:
    return text.strip().lower()
