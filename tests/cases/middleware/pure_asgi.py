# A pure ASGI middleware class, listed in FastAPI(middleware=[...]).
import time

from fastapi import FastAPI
from starlette.middleware import Middleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send


class Stamp:
    def __init__(self, app: ASGIApp, name: str) -> None:
        self.app = app
        self.name = name

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        time.sleep(0.01)  # expect: RW303

        async def stamped(message: Message) -> None:
            if message["type"] == "http.response.start":
                time.sleep(0.01)  # expect: RW303
            await send(message)

        await self.app(scope, receive, stamped)


app = FastAPI(middleware=[Middleware(Stamp, name="s")])


@app.get("/")
async def index() -> str:
    return "index"
