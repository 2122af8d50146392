# A URL, a host, a field of the body, in a helper; the finding stands on the outgoing call.
import aiohttp
import httpx
from fastapi import FastAPI
from pydantic import BaseModel, HttpUrl

app = FastAPI()
client = httpx.AsyncClient()
BASE = "https://api.example.com"


class Hook(BaseModel):
    url: HttpUrl
    name: str


async def call(target: str) -> None:
    await client.post(target)  # expect: RW620


@app.post("/a")
async def a(hook: Hook) -> None:
    await call(str(hook.url))


@app.post("/b")
async def b(host: str) -> None:
    await client.get(f"https://{host}/status")  # expect: RW620


@app.post("/c")
async def c(hook: Hook) -> None:
    async with aiohttp.ClientSession() as session:
        async with session.get(str(hook.url)) as answer:  # expect: RW620
            await answer.read()


@app.get("/d/{name}")
async def d(name: str) -> None:
    await client.get(f"https://api.example.com/{name}")
    await client.get(BASE + "/" + name)
    await client.get(f"{BASE}/{name}", params={"name": name})
