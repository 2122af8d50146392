# The repository commits and refreshes nothing; a handler reads what it returned
# file: app/__init__.py
# file: app/db.py
from collections.abc import AsyncIterator

from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, sessionmaker

engine = create_async_engine("postgresql+asyncpg://db/shop")
make_session = sessionmaker(engine, class_=AsyncSession)  # expect: RW319


class Base(DeclarativeBase):
    pass


class Item(Base):
    __tablename__ = "items"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]


async def get_db() -> AsyncIterator[AsyncSession]:
    async with make_session() as session:
        yield session


async def rename(db: AsyncSession, item: Item, name: str) -> None:
    item.name = name
    await db.commit()
# file: app/main.py
from typing import Annotated

from fastapi import Depends, FastAPI
from sqlalchemy.ext.asyncio import AsyncSession

from app.db import Item, get_db, rename

app = FastAPI()


@app.put("/items/{key}")
async def put(key: int, name: str, db: Annotated[AsyncSession, Depends(get_db)]) -> str:
    item = await db.get_one(Item, key)
    await rename(db, item, name)
    return item.name
