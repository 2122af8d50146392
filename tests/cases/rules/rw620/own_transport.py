# A transport of the project's own sees each address; without one, the client chooses
import httpx
from fastapi import FastAPI

app = FastAPI()


class PublicOnly(httpx.AsyncBaseTransport):
    def __init__(self) -> None:
        self.inner = httpx.AsyncHTTPTransport()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if request.url.host in ("localhost", "127.0.0.1"):
            raise ValueError(request.url.host)
        return await self.inner.handle_async_request(request)


@app.post("/pictures")
async def pictures(url: str) -> int:
    async with httpx.AsyncClient(transport=PublicOnly()) as client:
        return (await client.get(url)).status_code


@app.post("/feeds")
async def feeds(url: str) -> int:
    async with httpx.AsyncClient(transport=httpx.AsyncHTTPTransport()) as client:
        return (await client.get(url)).status_code  # expect: RW620
