# Routes from a subclass, add_api_route, a websocket, a factory and another module count
# file: app/__init__.py
# file: app/application.py
from fastapi import FastAPI


class Application(FastAPI):
    pass


def create() -> FastAPI:
    made = Application()  # expect: RW401

    @made.get("/a")
    async def read_a() -> int:
        return 0

    return made


app = create()

from app import more  # noqa: E402

MORE = more
# file: app/more.py
from fastapi import WebSocket

from app.application import app


async def read_b() -> int:
    return 0


app.add_api_route("/b", read_b)


@app.websocket("/c")
async def talk(socket: WebSocket) -> None:
    await socket.accept()


@app.api_route("/d", methods=["GET", "HEAD"])
async def read_d() -> int:
    return 0
