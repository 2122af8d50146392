# Handlers of the project's own run in the call that logs.
import logging
from logging.handlers import SMTPHandler

import requests
from fastapi import FastAPI

app = FastAPI()


class Chat(logging.Handler):
    def emit(self, record: logging.LogRecord) -> None:
        requests.post("https://chat.example", json={"text": self.format(record)})


class Buffer(logging.Handler):
    def emit(self, record: logging.LogRecord) -> None:
        print(self.format(record))


alerts = logging.getLogger("alerts")
alerts.addHandler(Chat())
notes = logging.getLogger("notes")
notes.addHandler(Buffer())
mails = logging.getLogger("mails")
mails.addHandler(SMTPHandler("localhost", "a@example.com", ["b@example.com"], "x"))


def remove(name: str) -> None:
    alerts.error(name)
    with open(name, "w") as stream:
        stream.write("")


@app.get("/")
async def read() -> int:
    remove("a")  # expect: RW304
    alerts.error("a")  # expect: RW301
    notes.error("b")
    mails.info("c")
    mails.error("d")  # expect: RW308
    return 1
