# Lazy relationships read in handlers, schemas and services
# file: app/__init__.py
# file: app/models.py
from sqlalchemy import ForeignKey
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship


class Base(DeclarativeBase):
    pass


class Author(Base):
    __tablename__ = "authors"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    books: Mapped[list["Book"]] = relationship(back_populates="author")
    awards: Mapped[list["Award"]] = relationship(lazy="selectin")


class Book(Base):
    __tablename__ = "books"
    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str]
    author_id: Mapped[int] = mapped_column(ForeignKey("authors.id"))
    author: Mapped[Author] = relationship(back_populates="books")


class Award(Base):
    __tablename__ = "awards"
    id: Mapped[int] = mapped_column(primary_key=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("authors.id"))
# file: app/crud.py
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import joinedload, selectinload

from app.models import Author, Book


async def get_author(session: AsyncSession, key: int) -> Author | None:
    return await session.get(Author, key)


async def get_with_books(session: AsyncSession, key: int) -> Author | None:
    query = select(Author).where(Author.id == key).options(selectinload(Author.books))
    return await session.scalar(query)


async def get_books(session: AsyncSession) -> list[Book]:
    return list(await session.scalars(select(Book)))


async def get_books_with_authors(session: AsyncSession) -> list[Book]:
    query = select(Book).options(joinedload(Book.author))
    return list((await session.execute(query)).scalars())
# file: app/main.py
from typing import Annotated

from fastapi import Depends, FastAPI, HTTPException
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine

from app import crud

Session = async_sessionmaker(create_async_engine("postgresql+asyncpg://db/app"))
app = FastAPI()


async def get_session():
    async with Session() as session:
        yield session


DB = Annotated[AsyncSession, Depends(get_session)]


@app.get("/authors/{key}")
async def author(key: int, db: DB) -> list[str]:
    found = await crud.get_author(db, key)
    if found is None:
        raise HTTPException(404)
    return [book.title for book in found.books]  # expect: RW318


@app.get("/authors/{key}/books")
async def with_books(key: int, db: DB) -> list[str]:
    found = await crud.get_with_books(db, key)
    return [book.title for book in found.books] if found else []


@app.get("/authors/{key}/awards")
async def awards(key: int, db: DB) -> int:
    found = await crud.get_author(db, key)
    return len(found.awards) if found else 0


@app.get("/books")
async def books(db: DB) -> list[str]:
    rows = await crud.get_books(db)
    return [f"{book.title} by {book.author.name}" for book in rows]  # expect: RW318


@app.get("/books/full")
async def full(db: DB) -> list[str]:
    rows = await crud.get_books_with_authors(db)
    return [f"{book.title} by {book.author.name}" for book in rows]
