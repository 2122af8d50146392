# Coroutines of services, repositories and clients that nobody awaits
# file: app/__init__.py
# file: app/services.py
import asyncio

from sqlalchemy.ext.asyncio import AsyncSession


class Mailer:
    async def send(self, to: str) -> bool:
        await asyncio.sleep(0)
        return True


class Users:
    def __init__(self, session: AsyncSession, mailer: Mailer) -> None:
        self.session = session
        self.mailer = mailer

    async def exists(self, name: str) -> bool:
        return bool(await self.session.get(object, name))

    async def create(self, name: str) -> None:
        self.session.add(name)
        self.session.commit()  # expect: RW311
        self.mailer.send(name)  # expect: RW311

    async def create_right(self, name: str) -> None:
        self.session.add(name)
        await self.session.commit()
        task = asyncio.create_task(self.mailer.send(name))
        await task

    def send_later(self, name: str):
        return self.mailer.send(name)
# file: app/main.py
from typing import Annotated

from fastapi import BackgroundTasks, Depends, FastAPI
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine

from app.services import Mailer, Users

Session = async_sessionmaker(create_async_engine("postgresql+asyncpg://db/app"))
app = FastAPI()


async def users():
    async with Session() as session:
        yield Users(session, Mailer())


Given = Annotated[Users, Depends(users)]


@app.post("/users")
async def create(name: str, given: Given, tasks: BackgroundTasks) -> None:
    if given.exists(name):  # expect: RW311
        return
    await given.create(name)
    await given.create_right(name)
    await given.send_later(name)
    tasks.add_task(given.mailer.send, name)


@app.get("/users/{name}")
async def read(name: str, given: Given) -> dict[str, bool]:
    found = given.exists(name)  # expect: RW311
    return {"exists": found}
