# Conditions, unknown prefixes, mounted applications and other methods
import os

from fastapi import APIRouter, FastAPI, WebSocket

app = FastAPI()
inner = FastAPI()
PREFIX = os.environ["PREFIX"]
one = APIRouter(prefix=PREFIX)
other = APIRouter(prefix="/users")
known = APIRouter(prefix=PREFIX)


@one.get("/{user_id}")
async def read_user(user_id: int) -> int:
    return user_id


@other.get("/me")
async def read_me() -> int:
    return 0


@known.get("/{user_id}")
async def read_by_id(user_id: int) -> int:
    return user_id


@known.get("/me")  # expect: RW407
async def read_me_there() -> int:
    return 0


if os.environ.get("OPEN"):

    @app.get("/pens/{pen_id}")
    async def read_pen(pen_id: int) -> int:
        return pen_id

else:

    @app.get("/pens/all")
    async def read_all() -> int:
        return 0


@app.get("/socket/{name}")
async def read_socket(name: str) -> str:
    return name


@app.websocket("/socket/chat")
async def chat(socket: WebSocket) -> None:
    await socket.accept()


@inner.get("/{name}")
async def read_inner(name: str) -> str:
    return name


@app.get("/inside")
async def read_inside() -> int:
    return 0


app.include_router(one)
app.include_router(other)
app.include_router(known)
app.mount("", inner)
