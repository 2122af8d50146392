# pymongo: a cursor is lazy, iterating it blocks; AsyncMongoClient is awaited.
from fastapi import FastAPI
from pymongo import AsyncMongoClient, MongoClient

app = FastAPI()
client = MongoClient("mongodb://db", connect=False)
users = client["app"]["users"]
async_client = AsyncMongoClient("mongodb://db")


@app.get("/one/{name}")
async def one(name: str) -> bool:
    return users.find_one({"name": name}) is not None  # expect: RW302


@app.get("/many")
async def many() -> list[str]:
    cursor = users.find({"active": True})
    names = []
    for user in cursor:  # expect: RW302
        names.append(str(user["name"]))
    return names


@app.post("/users/{name}", status_code=201)
async def add(name: str) -> None:
    client.app.users.insert_one({"name": name})  # expect: RW302


@app.get("/async/{name}")
async def one_async(name: str) -> list[str]:
    found = await async_client["app"]["users"].find_one({"name": name})
    names = [str(found["name"])] if found else []
    async for user in async_client.app.users.find():
        names.append(str(user["name"]))
    return names
