# Objects that are refreshed, read before the commit, or read where nothing was committed
from typing import Annotated

from fastapi import Depends, FastAPI
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class User(Base):
    __tablename__ = "user"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]


app = FastAPI()
Local = async_sessionmaker(create_async_engine("sqlite+aiosqlite://"))


async def get_db():
    async with Local() as session:
        yield session


DB = Annotated[AsyncSession, Depends(get_db)]


@app.post("/1")
async def one(name: str, db: DB) -> int:
    user = User(name=name)
    db.add(user)
    await db.commit()
    await db.refresh(user)
    return user.id


@app.post("/2")
async def two(name: str, db: DB) -> int:
    user = User(name=name)
    db.add(user)
    await db.flush()
    user_id = user.id
    await db.commit()
    return user_id


@app.post("/3")
async def three(name: str, db: DB) -> int:
    user = await db.get_one(User, 1)
    if name:
        user.name = name
        await db.commit()
        return 0
    else:
        pass
    return user.id


@app.post("/4")
async def four(name: str, db: DB) -> str:
    user = await db.get_one(User, 1)
    if name:
        await db.commit()
    else:
        return user.name
    user = await db.get_one(User, 2)
    return user.name
