# Request bodies are validated on the loop, those of def routes too.
import socket
import time

from fastapi import FastAPI
from pydantic import BaseModel, field_validator

app = FastAPI()


class Webhook(BaseModel):
    host: str

    @field_validator("host")
    @classmethod
    def resolves(cls, value: str) -> str:
        socket.gethostbyname(value)  # expect: RW308
        return value


class Order(BaseModel):
    sku: str

    @field_validator("sku")
    @classmethod
    def known(cls, value: str) -> str:
        check(value)  # expect: RW303
        return value.upper()


class Note(BaseModel):
    text: str

    @field_validator("text")
    @classmethod
    def stripped(cls, value: str) -> str:
        return value.strip()


def check(sku: str) -> None:
    time.sleep(0.1)


@app.post("/webhooks")
async def add_webhook(body: Webhook) -> str:
    return body.host


@app.post("/orders")
def add_order(order: Order) -> str:
    return order.sku


@app.post("/notes")
async def add_note(note: Note) -> str:
    return note.text
