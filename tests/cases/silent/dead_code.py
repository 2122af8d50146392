# Functions that nothing calls are silent, async ones too.
import time

import requests
from fastapi import FastAPI

app = FastAPI()


def unused() -> str:
    return requests.get("https://example.com", timeout=1).text


async def unused_async() -> str:
    time.sleep(1)
    return unused()


class Unused:
    async def run(self) -> None:
        time.sleep(1)


@app.get("/")
async def index() -> str:
    return "index"
