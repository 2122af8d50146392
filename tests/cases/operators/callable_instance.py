# Calling an instance calls its class's __call__.
import time

from fastapi import FastAPI

app = FastAPI()


class Slow:
    def __call__(self, text: str) -> str:
        time.sleep(0.1)
        return text


class Quick:
    def __call__(self, text: str) -> str:
        return text


class Asynchronous:
    async def __call__(self, text: str) -> str:
        time.sleep(0.1)  # expect: RW303
        return text


slow, quick, asynchronous = Slow(), Quick(), Asynchronous()


@app.get("/slow")
async def use_slow() -> str:
    return slow("x")  # expect: RW303


@app.get("/quick")
async def use_quick() -> str:
    return quick("x")


@app.get("/async")
async def use_asynchronous() -> str:
    return await asynchronous("x")
