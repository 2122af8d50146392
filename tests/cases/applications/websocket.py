# Websocket handlers and what they depend on run on the loop.
import time
from typing import Annotated

from fastapi import APIRouter, Depends, FastAPI, WebSocket

router = APIRouter()


async def token(websocket: WebSocket) -> str:
    time.sleep(0.1)  # expect: RW303
    return websocket.headers.get("x-token", "")


def answer(text: str) -> str:
    time.sleep(0.1)
    return text[::-1]


@router.websocket("/ws")
async def talk(websocket: WebSocket, key: Annotated[str, Depends(token)]) -> None:
    await websocket.accept()
    text = await websocket.receive_text()
    await websocket.send_text(answer(text))  # expect: RW303
    await websocket.close()


async def quiet(websocket: WebSocket) -> None:
    await websocket.accept()
    await websocket.send_text((await websocket.receive_text()).upper())


app = FastAPI()
app.include_router(router)
app.add_api_websocket_route("/quiet", quiet)
