# Queries that a handler builds and runs itself, and what is none of them
# file: app/__init__.py
# file: app/models.py
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class Pen(Base):
    __tablename__ = "pens"
    id: Mapped[int] = mapped_column(primary_key=True)
    colour: Mapped[str]
# file: app/crud.py
from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.models import Pen


def pens() -> Select[tuple[Pen]]:
    return select(Pen)


async def all_pens(db: AsyncSession) -> list[Pen]:
    return list(await db.scalars(select(Pen)))
# file: app/main.py
from typing import Annotated

from fastapi import Depends, FastAPI
from sqlalchemy import create_engine, delete, select, text
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import Session, sessionmaker

from app import crud
from app.models import Pen

app = FastAPI()
factory = async_sessionmaker(create_async_engine("sqlite+aiosqlite://"))
sync_factory = sessionmaker(create_engine("sqlite://"))


async def get_db():
    async with factory() as session:
        yield session


def get_sync_db():
    with sync_factory() as session:
        yield session


Database = Annotated[AsyncSession, Depends(get_db)]


@app.get("/first")  # expect: RW403
async def first(db: Database, colour: str) -> int | None:
    query = select(Pen.id)
    query = query.where(Pen.colour == colour)
    return (await db.execute(query)).scalar_one_or_none()


@app.delete("/all")  # expect: RW403
async def clear(db: Database) -> None:
    await db.execute(delete(Pen))
    await db.commit()


@app.get("/text")  # expect: RW403
async def by_text(db: Database) -> int:
    return await db.scalar(text("SELECT count(*) FROM pens"))


@app.get("/classic")  # expect: RW403
def classic(db: Annotated[Session, Depends(get_sync_db)]) -> int:
    return db.query(Pen).filter(Pen.id > 3).count()


@app.get("/two")  # expect: RW403
async def two_lookups(db: Database, one: int, other: int) -> bool:
    return await db.get(Pen, one) == await db.get(Pen, other)


@app.get("/one/{pen_id}")
async def one(db: Database, pen_id: int) -> str:
    pen = await db.get(Pen, pen_id)
    return pen.colour if pen else ""


@app.put("/one/{pen_id}")
async def change(db: Database, pen_id: int, colour: str) -> None:
    pen = await db.get(Pen, pen_id)
    if pen is not None:
        pen.colour = colour
        db.add(pen)
        await db.commit()
        await db.refresh(pen)


@app.get("/through")
async def through(db: Database) -> int:
    return len(await crud.all_pens(db))


class Finder:
    def execute(self, what: str) -> str:
        return what


@app.get("/finder")
async def finder() -> str:
    return Finder().execute("select")
