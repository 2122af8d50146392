# Calls that depend on each other, share a session, change something, or are gathered
from typing import Annotated

import httpx
from fastapi import Depends, FastAPI
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine

app = FastAPI()
client = httpx.AsyncClient()
Local = async_sessionmaker(create_async_engine("sqlite+aiosqlite://"))


async def get_db():
    async with Local() as session:
        yield session


DB = Annotated[AsyncSession, Depends(get_db)]


async def with_session(db: AsyncSession, path: str) -> str:
    url = await db.scalar(text("select 1"))
    return (await client.get(f"{url}/{path}")).text


@app.get("/1")
async def dependent() -> str:
    user = await client.get("https://x.example/me")
    items = await client.get(f"https://x.example/{user.text}")
    return items.text


@app.get("/2")
async def session(db: DB) -> str:
    one = await with_session(db, "one")
    two = await with_session(db, "two")
    return one + two


@app.get("/3")
async def writes() -> str:
    one = await client.post("https://x.example/one")
    two = await client.post("https://x.example/two")
    return one.text + two.text


@app.get("/4")
async def queries(db: DB) -> str:
    one = await db.scalar(text("select 1"))
    two = await db.scalar(text("select 2"))
    return one + two
