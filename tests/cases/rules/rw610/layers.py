# Commits in repositories, services, units of work and handlers; caught nowhere or above
# file: app/__init__.py
# file: app/models.py
from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlmodel import Field, SQLModel


class Base(DeclarativeBase):
    pass


class User(Base):
    __tablename__ = "users"
    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(unique=True, index=True)
    name: Mapped[str]


class Member(Base):
    __tablename__ = "members"
    __table_args__ = (UniqueConstraint("team", "name"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    team: Mapped[int]
    name: Mapped[str]


class Event(Base):
    __tablename__ = "events"
    id: Mapped[int] = mapped_column(primary_key=True)
    text: Mapped[str]


class Tag(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    slug: str = Field(unique=True)
# file: app/schemas.py
from pydantic import BaseModel


class UserIn(BaseModel):
    email: str
    name: str


class MemberIn(BaseModel):
    team: int
    name: str
# file: app/db.py
from collections.abc import AsyncIterator

from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine

engine = create_async_engine("postgresql+asyncpg://db/shop")
make_session = async_sessionmaker(engine, expire_on_commit=False)


async def get_session() -> AsyncIterator[AsyncSession]:
    async with make_session() as session:
        yield session
# file: app/repository.py
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from app.models import Event, Member, Tag, User
from app.schemas import MemberIn, UserIn


class Taken(Exception):
    pass


class Users:
    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def add(self, data: UserIn) -> User:
        user = User(**data.model_dump())
        self.session.add(user)
        await self.session.commit()  # expect: RW610
        return user

    async def add_caught(self, data: UserIn) -> User:
        user = User(**data.model_dump())
        self.session.add(user)
        try:
            await self.session.commit()
        except IntegrityError as error:
            await self.session.rollback()
            raise Taken from error
        return user

    async def rename(self, user: User, email: str) -> None:
        user.email = email
        await self.session.flush()  # expect: RW610

    async def add_above(self, data: UserIn) -> None:
        self.session.add(User(email=data.email, name=data.name))
        await self.session.commit()


async def add_member(session: AsyncSession, data: MemberIn) -> None:
    session.add(Member(team=data.team, name=data.name))
    await session.commit()  # expect: RW610


async def add_event(session: AsyncSession, text: str) -> None:
    session.add(Event(text=text))
    await session.commit()


async def add_tag(session: AsyncSession, slug: str) -> Tag:
    tag = Tag(slug=slug)
    session.add(tag)
    await session.commit()  # expect: RW610
    await session.refresh(tag)
    return tag
# file: app/main.py
from typing import Annotated

from fastapi import APIRouter, Depends, FastAPI, HTTPException
from sqlalchemy.exc import IntegrityError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession

from app import repository
from app.db import get_session
from app.models import User
from app.repository import Users
from app.schemas import MemberIn, UserIn

SessionDep = Annotated[AsyncSession, Depends(get_session)]
router = APIRouter()


def get_users(session: SessionDep) -> Users:
    return Users(session)


UsersDep = Annotated[Users, Depends(get_users)]


@router.post("/users")
async def create_user(data: UserIn, users: UsersDep) -> int:
    return (await users.add(data)).id


@router.post("/caught")
async def create_caught(data: UserIn, users: UsersDep) -> int:
    try:
        return (await users.add_caught(data)).id
    except repository.Taken as error:
        raise HTTPException(409) from error


@router.post("/above")
async def create_above(data: UserIn, users: UsersDep) -> None:
    try:
        await users.add_above(data)
    except SQLAlchemyError as error:
        raise HTTPException(409) from error


@router.patch("/users/{user_id}")
async def rename(user_id: int, email: str, users: UsersDep, session: SessionDep) -> None:
    user = await session.get_one(User, user_id)
    await users.rename(user, email)


@router.post("/members")
async def create_member(data: MemberIn, session: SessionDep) -> None:
    await repository.add_member(session, data)
    await repository.add_event(session, data.name)


@router.post("/tags")
async def create_tag(slug: str, session: SessionDep) -> str:
    return (await repository.add_tag(session, slug)).slug


@router.post("/inline")
async def inline(data: UserIn, session: SessionDep) -> None:
    user = User()
    user.email = data.email
    user.name = data.name
    session.add(user)
    await session.commit()  # expect: RW610


@router.post("/inline-caught")
async def inline_caught(data: UserIn, session: SessionDep) -> None:
    try:
        session.add(User(email=data.email, name=data.name))
        await session.commit()
    except IntegrityError as error:
        raise HTTPException(409) from error


@router.delete("/users/{user_id}")
async def delete_user(user_id: int, session: SessionDep) -> None:
    await session.delete(await session.get_one(User, user_id))
    await session.commit()


app = FastAPI()
app.include_router(router)
