# The property is evaluated on the loop; only the method it leads to runs in the thread.
import asyncio
import time

from fastapi import FastAPI

app = FastAPI()


class Client:
    def call(self) -> str:
        time.sleep(1)
        return "called"


class Service:
    def __init__(self) -> None:
        self._client = Client()

    @property
    def connected(self) -> Client:
        time.sleep(0.1)
        return self._client

    @property
    def client(self) -> Client:
        return self._client

    async def call(self) -> str:
        return await asyncio.to_thread(self.connected.call)  # expect: RW303

    async def call_quickly(self) -> str:
        return await asyncio.to_thread(self.client.call)

    async def call_lazily(self) -> str:
        return await asyncio.to_thread(lambda: self.connected.call())


service = Service()


@app.get("/call")
async def call() -> list[str]:
    return [
        await service.call(),
        await service.call_quickly(),
        await service.call_lazily(),
    ]
