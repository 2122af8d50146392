# httpx: the synchronous client blocks, the asynchronous one does not.
import httpx
from fastapi import FastAPI

app = FastAPI()
client = httpx.Client(base_url="https://example.com")
async_client = httpx.AsyncClient(base_url="https://example.com")


@app.get("/function")
async def function() -> str:
    return httpx.get("https://example.com").text  # expect: RW301


@app.get("/client")
async def with_client() -> str:
    return client.get("/a").text  # expect: RW301


@app.get("/own")
async def own() -> str:
    with httpx.Client() as made:
        return made.post("https://example.com", json={}).text  # expect: RW301


@app.get("/async")
async def with_async() -> str:
    answer = await async_client.get("/a")
    async with httpx.AsyncClient(timeout=5) as made:
        other = await made.post("https://example.com", json={})
    return answer.text + other.text
