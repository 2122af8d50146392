# A query for each batch, by whatever name the helper goes
from collections.abc import Iterable, Iterator
from itertools import islice

from fastapi import FastAPI
from pydantic import BaseModel
from sqlalchemy import delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

engine = create_async_engine("postgresql+asyncpg://db/shop")
app = FastAPI()


class Base(DeclarativeBase):
    pass


class Run(Base):
    __tablename__ = "runs"
    id: Mapped[int] = mapped_column(primary_key=True)


class Group(BaseModel):
    first: int
    keys: list[int]


def batched_iterable(items: Iterable[int], size: int) -> Iterator[tuple[int, ...]]:
    rest = iter(items)
    while batch := tuple(islice(rest, size)):
        yield batch


@app.delete("/runs")
async def remove(ids: list[int]) -> None:
    async with AsyncSession(engine) as session:
        for part in batched_iterable(ids, 100):
            await session.execute(delete(Run).where(Run.id.in_(part)))
        for key in ids:
            await session.execute(select(Run).where(Run.id == key))  # expect: RW316


@app.post("/runs")
async def record(groups: list[Group], keys: list[int]) -> None:
    async with AsyncSession(engine) as session:
        for group in groups:
            rows = [{"id": key} for key in group.keys]
            await session.execute(insert(Run), rows)
            await session.execute(update(Run).where(Run.id > group.first))
        for key in keys:
            rows = await session.scalars(  # expect: RW316
                select(Run).where(Run.id == key)
            )
            await session.execute(insert(Run), rows.all())  # expect: RW316
