# Queries for each row: in services, gather over rows, refresh of each, repositories
# file: app/__init__.py
# file: app/models.py
from sqlalchemy import ForeignKey
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class Author(Base):
    __tablename__ = "authors"
    id: Mapped[int] = mapped_column(primary_key=True)


class Book(Base):
    __tablename__ = "books"
    id: Mapped[int] = mapped_column(primary_key=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("authors.id"))
# file: app/service.py
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.models import Author, Book


class Authors:
    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def get(self, key: int) -> Author | None:
        return await self.session.get(Author, key)

    async def of(self, books: list[Book]) -> list[Author | None]:
        return [await self.get(book.author_id) for book in books]  # expect: RW316

    async def all_of(self, books: list[Book]) -> list[Author]:
        keys = {book.author_id for book in books}
        rows = await self.session.scalars(select(Author).where(Author.id.in_(keys)))
        return list(rows)

    async def counts(self) -> dict[int, int]:
        found = {}
        authors = (await self.session.scalars(select(Author))).all()
        for author in authors:
            query = select(func.count()).where(Book.author_id == author.id)
            found[author.id] = await self.session.scalar(query)  # expect: RW316
        return found

    async def save(self, books: list[Book]) -> None:
        for book in books:
            self.session.add(book)
            await self.session.commit()
        for book in books:
            await self.session.refresh(book)  # expect: RW316
# file: app/main.py
from typing import Annotated

from fastapi import Depends, FastAPI
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine

from app.models import Book
from app.service import Authors

Session = async_sessionmaker(create_async_engine("postgresql+asyncpg://db/app"))
app = FastAPI()


async def authors():
    async with Session() as session:
        yield Authors(session)


Given = Annotated[Authors, Depends(authors)]


@app.get("/books")
async def books(given: Given) -> int:
    rows = list(await given.session.scalars(select(Book)))
    await given.of(rows)
    await given.all_of(rows)
    await given.counts()
    await given.save(rows)
    for _ in range(3):
        await given.get(1)
    return len(rows)
