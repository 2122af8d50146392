# A factory whose objects are read after the commit in a repository of another module
# file: app/__init__.py
# file: app/db.py
from collections.abc import AsyncIterator

from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine

engine = create_async_engine("postgresql+asyncpg://db/shop")
make_session = async_sessionmaker(bind=engine, class_=AsyncSession, autoflush=False)  # expect: RW319


async def get_db() -> AsyncIterator[AsyncSession]:
    async with make_session() as session:
        yield session
# file: app/models.py
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class User(Base):
    __tablename__ = "users"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
# file: app/repository.py
from sqlalchemy.ext.asyncio import AsyncSession

from app.models import User


class Users:
    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def create(self, name: str) -> User:
        user = User(name=name)
        self.session.add(user)
        await self.session.commit()
        return user
# file: app/main.py
from typing import Annotated

from fastapi import Depends, FastAPI
from sqlalchemy.ext.asyncio import AsyncSession

from app.db import get_db
from app.repository import Users

app = FastAPI()


@app.post("/users")
async def create(name: str, db: Annotated[AsyncSession, Depends(get_db)]) -> int:
    return (await Users(db).create(name)).id
