# Lazy relationships read after an AsyncSession, in handlers, services and mappers
# file: app/__init__.py
# file: app/models.py
from sqlalchemy import ForeignKey
from sqlalchemy.ext.asyncio import AsyncAttrs
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship
from sqlmodel import Field, Relationship, SQLModel


class Base(AsyncAttrs, DeclarativeBase):
    pass


class Author(Base):
    __tablename__ = "authors"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    books: Mapped[list["Book"]] = relationship(back_populates="author")
    prizes: Mapped[list["Prize"]] = relationship(lazy="selectin")


class Book(Base):
    __tablename__ = "books"
    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str]
    author_id: Mapped[int] = mapped_column(ForeignKey("authors.id"))
    author: Mapped[Author] = relationship(back_populates="books")


class Prize(Base):
    __tablename__ = "prizes"
    id: Mapped[int] = mapped_column(primary_key=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("authors.id"))


class Team(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    heroes: list["Hero"] = Relationship(back_populates="team")


class Hero(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    team_id: int | None = Field(default=None, foreign_key="team.id")
    team: Team | None = Relationship(back_populates="heroes")
# file: app/repository.py
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import joinedload, selectinload

from app.models import Author, Book


class Authors:
    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def get(self, key: int) -> Author | None:
        return await self.session.get(Author, key)

    async def all(self) -> Sequence[Author]:
        return (await self.session.execute(select(Author))).scalars().all()

    async def with_books(self, key: int) -> Author | None:
        query = select(Author).options(selectinload(Author.books)).where(Author.id == key)
        return (await self.session.execute(query)).scalar_one_or_none()


async def book_with_author(session: AsyncSession, key: int) -> Book:
    query = select(Book).options(joinedload(Book.author)).where(Book.id == key)
    return (await session.scalars(query)).one()
# file: app/service.py
from typing import Any

from app.models import Author
from app.repository import Authors


def to_json(author: Author) -> dict[str, Any]:
    return {"name": author.name, "books": [book.title for book in author.books]}  # expect: RW318


def to_json_loaded(author: Author) -> dict[str, Any]:
    return {"name": author.name, "books": len(author.books)}


class Library:
    def __init__(self, authors: Authors) -> None:
        self.authors = authors

    async def titles(self, key: int) -> list[str]:
        author = await self.authors.get(key)
        if author is None:
            return []
        return [book.title for book in author.books]  # expect: RW318

    async def described(self, key: int) -> dict[str, Any]:
        author = await self.authors.get(key)
        return to_json(author) if author is not None else {}

    async def described_loaded(self, key: int) -> dict[str, Any]:
        author = await self.authors.with_books(key)
        return to_json_loaded(author) if author is not None else {}
# file: app/main.py
from collections.abc import AsyncIterator
from typing import Annotated, Any

from fastapi import APIRouter, Depends, FastAPI
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlmodel.ext.asyncio.session import AsyncSession as ModelSession

from app import repository
from app.models import Author, Book, Hero
from app.repository import Authors
from app.service import Library

engine = create_async_engine("postgresql+asyncpg://db/shop")
make_session = async_sessionmaker(engine, expire_on_commit=False)
router = APIRouter()


async def get_db() -> AsyncIterator[AsyncSession]:
    async with make_session() as session:
        yield session


async def get_models() -> AsyncIterator[ModelSession]:
    async with ModelSession(engine) as session:
        yield session


Db = Annotated[AsyncSession, Depends(get_db)]


async def get_book(key: int, db: Db) -> Book:
    return (await db.scalars(select(Book).where(Book.id == key))).one()


def get_authors(db: Db) -> Authors:
    return Authors(db)


def get_library(authors: Annotated[Authors, Depends(get_authors)]) -> Library:
    return Library(authors)


LibraryDep = Annotated[Library, Depends(get_library)]


@router.get("/a/{key}")
async def a(key: int, db: Db) -> Any:
    author = await db.get(Author, key)
    return author.books if author else []  # expect: RW318


@router.get("/b")
async def b(db: Db) -> Any:
    found = (await db.execute(select(Author))).scalars().all()
    return [len(author.books) for author in found]  # expect: RW318


@router.get("/c/{key}")
async def c(book: Annotated[Book, Depends(get_book)]) -> str:
    return book.author.name  # expect: RW318


@router.get("/d/{key}")
async def d(key: int, library: LibraryDep) -> Any:
    return [await library.titles(key), await library.described(key), await library.described_loaded(key)]


@router.get("/e/{key}")
async def e(key: int, session: Annotated[ModelSession, Depends(get_models)]) -> Any:
    hero = await session.get(Hero, key)
    if hero is None:
        return None
    return hero.team  # expect: RW318


@router.get("/f/{key}")
async def f(key: int, authors: Annotated[Authors, Depends(get_authors)]) -> Any:
    author = await authors.with_books(key)
    return author.books if author else []


@router.get("/g/{key}")
async def g(key: int, db: Db) -> Any:
    book = await repository.book_with_author(db, key)
    return book.author.name


@router.get("/h/{key}")
async def h(key: int, db: Db) -> Any:
    author = await db.get_one(Author, key)
    return [author.prizes, await author.awaitable_attrs.books]


@router.get("/i/{key}")
async def i(key: int, db: Db) -> Any:
    author = await db.get_one(Author, key)
    await db.refresh(author, ["books"])
    return author.books


app = FastAPI()
app.include_router(router)
