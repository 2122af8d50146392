# A function that imports a module runs its top, once; what is made there is shared
# file: main.py
from typing import Annotated

from fastapi import Depends, FastAPI

app = FastAPI()


def get_server():
    from server import server

    return server


@app.get("/")
async def root(server: Annotated[object, Depends(get_server)]) -> None:
    await server.client.get("https://x.example")
# file: server.py
import httpx


class Server:
    def __init__(self) -> None:
        self.client = httpx.AsyncClient()


server = Server()
