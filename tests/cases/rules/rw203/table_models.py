# A table model must not be the response schema, nor be returned without one
from typing import Any

from fastapi import FastAPI
from pydantic import BaseModel
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlmodel import Field, SQLModel

app = FastAPI()


class Base(DeclarativeBase):
    pass


class Book(Base):
    __tablename__ = "books"
    id: Mapped[int] = mapped_column(primary_key=True)


class HeroBase(SQLModel):
    name: str


class Hero(HeroBase, table=True):
    id: int | None = Field(default=None, primary_key=True)


class HeroPublic(HeroBase):
    id: int


class BookOut(BaseModel):
    id: int


@app.get("/heroes/{hero_id}", response_model=Hero)  # expect: RW203
async def read_hero(hero_id: int):
    return Hero(id=hero_id, name="a")


@app.get("/heroes")  # expect: RW203
async def list_heroes() -> list[Hero]:
    return []


@app.get("/books/{book_id}")  # expect: RW203
async def read_book(book_id: int):
    return Book(id=book_id)


@app.get("/shelf")  # expect: RW203
async def read_shelf() -> Any:
    return [Book(id=1)]


@app.get("/public/{hero_id}", response_model=HeroPublic)
async def read_public(hero_id: int):
    return Hero(id=hero_id, name="a")


@app.get("/out/{book_id}")
async def read_out(book_id: int) -> BookOut:
    return Book(id=book_id)
