# What a library gives may be None: the branch for a row that is not there is code too.
import time

from fastapi import FastAPI, HTTPException
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class Port(Base):
    __tablename__ = "port"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]

    def survey(self) -> str:
        time.sleep(0.1)
        return self.name


sessions = async_sessionmaker(create_async_engine("postgresql+asyncpg://db/app"))
app = FastAPI()


class Ports:
    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def get(self, port_id: int) -> Port | None:
        found = await self.session.execute(select(Port).where(Port.id == port_id))
        return found.scalar_one_or_none()


def announce(port: Port) -> None:
    if port is None:
        time.sleep(0.1)  # the handler has seen to it: there is one


@app.put("/ports/{port_id}")
async def put(port_id: int) -> str:
    async with sessions() as session:
        port = await session.get(Port, port_id)
        if port is None:
            port = Port(name="new")
            time.sleep(0.1)  # expect: RW303
        announce(port)
        return port.survey()  # expect: RW303


@app.get("/ports/{port_id}")
async def read(port_id: int) -> str:
    async with sessions() as session:
        port = await Ports(session).get(port_id)
        if port is None:
            time.sleep(0.1)  # expect: RW303
            raise HTTPException(404)
        if port is None:
            time.sleep(0.2)
        announce(port)
        return port.survey()  # expect: RW303


@app.get("/first")
async def first() -> str:
    async with sessions() as session:
        port = (await session.scalars(select(Port))).one()
        if port is None:
            time.sleep(0.1)  # `one` gives a row, or raises
        return port.name
