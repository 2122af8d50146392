# A loaded row that a client's data changes, with no `add` before the commit.
from fastapi import FastAPI
from pydantic import BaseModel
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

engine = create_async_engine("postgresql+asyncpg://db/shop")
app = FastAPI()


class Base(DeclarativeBase):
    pass


class User(Base):
    __tablename__ = "users"
    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]


class Change(BaseModel):
    email: str | None = None


class Rename(BaseModel):
    name: str | None = None


@app.patch("/a/{user_id}")
async def a(user_id: int, data: Change) -> None:
    async with AsyncSession(engine) as session:
        user = await session.get(User, user_id)
        for field, value in data.model_dump(exclude_unset=True).items():
            setattr(user, field, value)
        await session.commit()  # expect: RW610


@app.patch("/b/{user_id}")
async def b(user_id: int, data: Change) -> None:
    async with AsyncSession(engine) as session:
        user = await session.get(User, user_id)
        user.email = data.email
        await session.commit()  # expect: RW610


@app.patch("/c/{user_id}")
async def c(user_id: int, data: Rename) -> None:
    async with AsyncSession(engine) as session:
        user = await session.get(User, user_id)
        for field, value in data.model_dump(exclude_unset=True).items():
            setattr(user, field, value)
        await session.commit()
