# DNS and sockets; the loop's own getaddrinfo and streams are awaited.
import asyncio
import socket

from fastapi import FastAPI

app = FastAPI()


@app.get("/resolve/{host}")
async def resolve(host: str) -> str:
    return socket.gethostbyname(host)  # expect: RW308


@app.get("/connect/{host}")
async def connect(host: str) -> bool:
    connection = socket.create_connection((host, 443), timeout=3)  # expect: RW308
    connection.close()
    return True


@app.get("/async/{host}")
async def resolve_async(host: str) -> int:
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(host, 443)
    _, writer = await asyncio.open_connection(host, 443)
    writer.close()
    return len(found)


@app.get("/hostname")
async def name() -> str:
    return socket.gethostname()
