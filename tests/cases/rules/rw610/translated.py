# Errors of the database translated by a context manager, a decorator, a unit of work
# file: app/__init__.py
# file: app/models.py
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class User(Base):
    __tablename__ = "users"
    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
# file: app/errors.py
from contextlib import asynccontextmanager, contextmanager
from functools import wraps

from fastapi import HTTPException
from sqlalchemy.exc import IntegrityError


@contextmanager
def conflicts():
    try:
        yield
    except IntegrityError as error:
        raise HTTPException(409, "It exists already") from error


def translated(function):
    @wraps(function)
    async def wrapper(*args, **kwargs):
        try:
            return await function(*args, **kwargs)
        except IntegrityError as error:
            raise HTTPException(409, "It exists already") from error

    return wrapper
# file: app/repository.py
from sqlalchemy.ext.asyncio import AsyncSession

from app.errors import conflicts, translated
from app.models import User


class Users:
    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def add(self, email: str) -> User:
        user = User(email=email, name=email)
        self.session.add(user)
        await self.session.commit()  # expect: RW610
        return user

    async def add_guarded(self, email: str) -> User:
        user = User(email=email, name=email)
        self.session.add(user)
        with conflicts():
            await self.session.commit()
        return user

    @translated
    async def add_decorated(self, email: str) -> User:
        user = User(email=email, name=email)
        self.session.add(user)
        await self.session.commit()
        return user

    async def rename(self, user: User, name: str) -> None:
        user.name = name
        await self.session.commit()

    async def move(self, user: User, email: str) -> None:
        user.email = email
        await self.session.flush()  # expect: RW610
# file: app/main.py
from typing import Annotated

from fastapi import Depends, FastAPI
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine

from app.models import User
from app.repository import Users

Session = async_sessionmaker(create_async_engine("postgresql+asyncpg://db/app"))
app = FastAPI()


async def session():
    async with Session() as found:
        yield found


def users(db: Annotated[AsyncSession, Depends(session)]) -> Users:
    return Users(db)


Given = Annotated[Users, Depends(users)]


@app.post("/a")
async def a(email: str, given: Given) -> int:
    return (await given.add(email)).id


@app.post("/b")
async def b(email: str, given: Given) -> int:
    return (await given.add_guarded(email)).id


@app.post("/c")
async def c(email: str, given: Given) -> int:
    return (await given.add_decorated(email)).id


@app.patch("/d/{key}")
async def d(key: int, name: str, email: str, given: Given) -> None:
    user = await given.session.get_one(User, key)
    await given.rename(user, name)
    await given.move(user, email)
