# redis: the synchronous client, its pipeline, and redis.asyncio.
import redis
import redis.asyncio as aioredis
from fastapi import FastAPI

app = FastAPI()
client = redis.Redis(host="cache", decode_responses=True)
async_client = aioredis.Redis(host="cache", decode_responses=True)


@app.get("/get/{key}")
async def get(key: str) -> str:
    return str(client.get(key))  # expect: RW302


@app.post("/many")
async def many() -> int:
    pipeline = client.pipeline()
    pipeline.set("a", 1)
    pipeline.expire("a", 60)
    return len(pipeline.execute())  # expect: RW302


@app.get("/async/{key}")
async def get_async(key: str) -> str:
    pipeline = async_client.pipeline()
    pipeline.get(key)
    await pipeline.execute()
    return str(await async_client.get(key))
