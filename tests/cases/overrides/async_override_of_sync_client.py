# The asynchronous subclass overrides the sync methods: awaiting them is silent.
import asyncio
import time

from fastapi import FastAPI

app = FastAPI()


class Sender:
    def deliver(self, text: str) -> int:
        time.sleep(0.1)
        return len(text)

    def ping(self) -> int:
        time.sleep(0.1)
        return 1


class AsyncSender(Sender):
    async def deliver(self, text: str) -> int:  # type: ignore[override]
        await asyncio.sleep(0.1)
        return len(text)


sender = AsyncSender()


@app.post("/deliver")
async def deliver(text: str) -> int:
    return await sender.deliver(text)


@app.post("/ping")
async def ping() -> int:
    return sender.ping()  # expect: RW303
