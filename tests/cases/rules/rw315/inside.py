# A client of an application in the same process needs no limit; one of the network does
import httpx
from fastapi import FastAPI

inner = FastAPI()
app = FastAPI()
TRANSPORT = httpx.ASGITransport(app=inner)
OPTIONS = {"transport": TRANSPORT, "timeout": httpx.Timeout(None)}
OTHER = {"http2": True, "timeout": httpx.Timeout(None)}  # expect: RW315
client = httpx.AsyncClient(transport=httpx.ASGITransport(app=inner), timeout=None)
second = httpx.AsyncClient(transport=TRANSPORT, timeout=httpx.Timeout(None))
third = httpx.AsyncClient(
    transport=httpx.AsyncHTTPTransport(retries=2),
    timeout=httpx.Timeout(None),  # expect: RW315
)


@app.get("/")
async def root() -> str:
    async with httpx.AsyncClient(**OPTIONS) as one, httpx.AsyncClient(**OTHER) as two:
        await two.get("https://x.example")
        return (await one.get("http://inner/")).text
