# Three independent reads, two of them in functions of the project
import httpx
from fastapi import FastAPI

app = FastAPI()
client = httpx.AsyncClient()


async def weather() -> str:
    return (await client.get("https://weather.example")).text


async def news(topic: str) -> str:
    return (await client.get(f"https://news.example/{topic}")).text


@app.get("/")
async def root(topic: str) -> str:
    one = await weather()
    two = await news(topic)  # expect: RW317
    three = await client.get("https://x.example")  # expect: RW317
    return one + two + three.text
