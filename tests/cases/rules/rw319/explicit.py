# An explicit True counts, in a sessionmaker of async sessions and in data access too
# file: main.py
from typing import Annotated

from fastapi import Depends, FastAPI
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine
from sqlalchemy.orm import sessionmaker

import crud

app = FastAPI()
engine = create_async_engine("sqlite+aiosqlite://")
Local = sessionmaker(  # expect: RW319
    engine, class_=AsyncSession, expire_on_commit=True
)


async def get_db():
    async with Local() as session:
        yield session


@app.post("/1")
async def one(name: str, db: Annotated[AsyncSession, Depends(get_db)]) -> int:
    return (await crud.create(db, name)).id
# file: crud.py
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class User(Base):
    __tablename__ = "user"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]


async def create(db: AsyncSession, name: str) -> User:
    user = User(name=name)
    db.add(user)
    await db.commit()
    return user
