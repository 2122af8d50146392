# A coroutine that is dropped, tested, formatted, asked for attributes, returned as data
from typing import Annotated

from fastapi import Depends, FastAPI, UploadFile
from pydantic import BaseModel
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine

Local = async_sessionmaker(create_async_engine("sqlite+aiosqlite://"))
app = FastAPI()


class User(BaseModel):
    name: str


class Service:
    async def find(self, name: str) -> User:
        return User(name=name)

    def lazily(self, name: str):
        return self.find(name)


async def get_db():
    async with Local() as session:
        yield session


async def fetch(name: str) -> User:
    return User(name=name)


async def indirect(name: str) -> User:
    return fetch(name)  # expect: RW311


async def check(name: str) -> bool:
    return bool(name)


@app.get("/1")
async def one(name: str, db: Annotated[AsyncSession, Depends(get_db)]) -> str:
    check(name)  # expect: RW311
    db.commit()  # expect: RW311
    if not check(name):  # expect: RW311
        return "no"
    if name and check(name):  # expect: RW311
        return "no"
    user = fetch(name)  # expect: RW311
    return user.name


@app.get("/2")
async def two(name: str):
    return fetch(name)  # expect: RW311


@app.get("/3")
async def three(name: str):
    return {"user": fetch(name), "by": f"{check(name)}"}  # expect: RW311


@app.get("/4")
async def four(name: str) -> str:
    user = await indirect(name)
    return user.name


@app.get("/5")
async def five(name: str, service: Annotated[Service, Depends()]) -> str:
    found = service.lazily(name)  # expect: RW311
    never = service.find(name)  # expect: RW311
    return found.name + str(check(name))  # expect: RW311


@app.get("/6")
def six(name: str):
    return fetch(name)  # expect: RW311


@app.post("/7")
async def seven(file: UploadFile) -> int:
    data = file.read()  # expect: RW311
    return len(data)


@app.get("/8")
async def eight(name: str):
    users = [u.name for u in fetch(name)]  # expect: RW311
    user = fetch(name)  # expect: RW311
    return user
