# A blocking call as an argument is on the loop, whatever it is handed to.
import asyncio
import time

from fastapi import FastAPI

app = FastAPI()


def load_template() -> str:
    time.sleep(0.3)
    return "Hello, {name}"


async def render(template: str, name: str) -> str:
    await asyncio.sleep(0)
    return template.format(name=name)


@app.get("/greeting")
async def greeting(name: str) -> str:
    return await render(load_template(), name)  # expect: RW303
