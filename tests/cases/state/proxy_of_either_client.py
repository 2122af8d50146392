# A proxy finds the client's methods by name; those that only make an object are never retried.
import time

import redis
import redis.asyncio
from fastapi import FastAPI

app = FastAPI()
_FACTORIES = frozenset({"pipeline", "pubsub", "lock", "register_script"})


class Proxy:
    def __init__(self, make, waits: bool) -> None:
        self.make = make
        self.waits = waits

    def __getattr__(self, name: str):
        client = self.make()
        found = getattr(client, name)
        if not callable(found) or name in _FACTORIES:
            return found
        return self._retrying(name)

    def _retrying(self, name: str):
        def call(*args):
            for _ in range(3):
                try:
                    return getattr(self.make(), name)(*args)
                except redis.ConnectionError:
                    time.sleep(1)

        return call


shared = Proxy(redis.Redis, True)


@app.get("/all")
async def everything(key: str):
    made = [shared.pipeline(), shared.lock("x"), shared.register_script("x")]
    shared.get(key)  # expect: RW302
    shared.set(key, "x")  # expect: RW302
    made.append(shared.pubsub())
    return made


async def listen(client):
    subscription = client.pubsub()
    async for message in subscription.listen():
        yield message


@app.get("/listen")
async def listening(sync: bool):
    client = redis.Redis() if sync else redis.asyncio.Redis()
    async for message in client.pubsub().listen():
        return message
    async for message in listen(client):
        return message
