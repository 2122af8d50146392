# Comprehensions iterate and call on the loop; a generator expression only when used.
import socket

from fastapi import FastAPI

app = FastAPI()
HOSTS = ["a.example.com", "b.example.com"]


def address(host: str) -> str:
    return socket.gethostbyname(host)


@app.get("/list")
async def as_list() -> list[str]:
    return [address(host) for host in HOSTS]  # expect: RW308


@app.get("/dict")
async def as_dict() -> dict[str, str]:
    return {host: address(host) for host in HOSTS if host}  # expect: RW308


@app.get("/any")
async def as_any() -> bool:
    return any(address(host) == "10.0.0.1" for host in HOSTS)  # expect: RW308


@app.get("/names")
async def names() -> list[str]:
    return [host.split(".")[0] for host in HOSTS]
