# Mail, webhooks and analytics awaited at the end of a handler, in services
# file: app/__init__.py
# file: app/notify.py
import aiosmtplib
import httpx

client = httpx.AsyncClient(timeout=5)


async def track(event: str) -> None:
    await client.post("https://analytics.example/events", json={"event": event})


class Mailer:
    async def welcome(self, to: str) -> None:
        await aiosmtplib.send("hello", recipients=[to], hostname="mail")


async def charge(amount: int) -> str:
    answer = await client.post("https://pay.example/charges", json={"amount": amount})
    return answer.json()["id"]
# file: app/main.py
from typing import Annotated

from fastapi import BackgroundTasks, Depends, FastAPI, HTTPException
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine

from app.notify import Mailer, charge, track

Session = async_sessionmaker(create_async_engine("postgresql+asyncpg://db/app"))
app = FastAPI()


async def get_session():
    async with Session() as session:
        yield session


DB = Annotated[AsyncSession, Depends(get_session)]


@app.post("/users")
async def create(name: str, db: DB, mailer: Annotated[Mailer, Depends()]) -> str:
    db.add(name)
    await db.commit()
    await mailer.welcome(name)  # expect: RW313
    return name


@app.post("/orders")
async def order(amount: int, db: DB) -> dict[str, str]:
    key = await charge(amount)
    db.add(key)
    await db.commit()
    await track("order")  # expect: RW313
    return {"charge": key}


@app.post("/invites")
async def invite(name: str, mailer: Annotated[Mailer, Depends()]) -> str:
    try:
        await mailer.welcome(name)
    except OSError as error:
        raise HTTPException(502, "no mail") from error
    return name


@app.post("/later")
async def later(name: str, tasks: BackgroundTasks, mailer: Annotated[Mailer, Depends()]) -> str:
    tasks.add_task(mailer.welcome, name)
    return name
