# A list of functions called one after the other.
import smtplib
from collections.abc import Callable

from fastapi import FastAPI

app = FastAPI()


def send_mail(event: str) -> None:
    with smtplib.SMTP("mail.example.com") as server:
        server.sendmail("a@example.com", "b@example.com", event)


def remember(event: str) -> None:
    SEEN.append(event)


SEEN: list[str] = []
LISTENERS: list[Callable[[str], None]] = [remember, send_mail]
QUIET: tuple[Callable[[str], None], ...] = (remember,)


@app.post("/loud")
async def loud(event: str) -> None:
    for listener in LISTENERS:
        listener(event)  # expect: RW308


@app.post("/quiet")
async def quiet(event: str) -> None:
    for listener in QUIET:
        listener(event)
