# Handlers with `async def`, websockets, and dependencies, which may be `def`
from fastapi import Depends, FastAPI, WebSocket

app = FastAPI()


def page(limit: int = 10) -> int:
    return limit


@app.get("/items", dependencies=[Depends(page)])
async def items(limit: int = Depends(page)) -> int:
    return limit


@app.websocket("/ws")
async def socket(websocket: WebSocket) -> None:
    await websocket.accept()
