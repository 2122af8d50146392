# A server on any free port that a command waits for; one on a known port is a service
# file: app/callback.py
import asyncio

import uvicorn
from fastapi import FastAPI
from pydantic import BaseModel


class Login(BaseModel):
    key: str


login = FastAPI()
"""Takes the key that the browser sends when the user has logged in."""


@login.post("/success")
async def receive(payload: Login) -> None:
    login.state.result = payload


async def wait_for_login() -> None:
    server = uvicorn.Server(uvicorn.Config(login, port=0, log_level="critical"))
    await server.serve()


if __name__ == "__main__":
    asyncio.run(wait_for_login())
# file: app/service.py
import uvicorn  # expect: RW602
from fastapi import FastAPI

service = FastAPI()


@service.post("/shutdown")
async def shutdown() -> None: ...


if __name__ == "__main__":
    uvicorn.run(service, port=8080)
