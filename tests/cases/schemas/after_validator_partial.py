# AfterValidator with a partial: its arguments decide whether the host is resolved.
import socket
from functools import partial
from typing import Annotated

from fastapi import FastAPI
from pydantic import AfterValidator, BaseModel

app = FastAPI()


def check_host(value: str, *, resolve: bool) -> str:
    if resolve:
        socket.getaddrinfo(value, 443)  # expect: RW308
    return value.lower()


def check_name(value: str, *, resolve: bool) -> str:
    if resolve:
        socket.getaddrinfo(value, 443)
    return value.lower()


Host = Annotated[str, AfterValidator(partial(check_host, resolve=True))]
Name = Annotated[str, AfterValidator(partial(check_name, resolve=False))]


class Target(BaseModel):
    host: Host
    name: Name


@app.post("/targets")
async def add(target: Target) -> str:
    return target.host
