# Properties that read each other, one of which blocks.
import socket

from fastapi import FastAPI

app = FastAPI()


class Node:
    def __init__(self, host: str) -> None:
        self.host = host

    @property
    def address(self) -> str:
        return socket.gethostbyname(self.host)

    @property
    def url(self) -> str:
        return f"http://{self.address}:8080"

    @property
    def label(self) -> str:
        return f"node {self.host}"


@app.get("/nodes/{host}")
async def node(host: str) -> dict[str, str]:
    found = Node(host)
    return {
        "label": found.label,
        "url": found.url,  # expect: RW308
    }
