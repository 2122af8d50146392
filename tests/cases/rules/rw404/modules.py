# Models among routes of several modules, and classes that may stand there
# file: app/__init__.py
# file: app/schemas.py
from pydantic import BaseModel


class Base(BaseModel):
    id: int
# file: app/items.py
from dataclasses import dataclass
from enum import Enum

from fastapi import APIRouter
from pydantic import BaseModel
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlmodel import Field, SQLModel

from app.schemas import Base

router = APIRouter()


class ItemIn(BaseModel):  # expect: RW404
    name: str


class ItemOut(Base):  # expect: RW404
    name: str


class Hero(SQLModel, table=True):  # expect: RW404
    id: int | None = Field(default=None, primary_key=True)


class Table(DeclarativeBase):
    pass


class Row(Table):  # expect: RW404
    __tablename__ = "rows"
    id: Mapped[int] = mapped_column(primary_key=True)


class Kind(str, Enum):
    a = "a"


@dataclass
class Point:
    x: int


@router.post("/items")
async def create(item: ItemIn) -> ItemOut:
    return ItemOut(id=1, name=item.name)
# file: app/main.py
from fastapi import FastAPI
from pydantic import BaseModel
from pydantic_settings import BaseSettings

from app import items


class Settings(BaseSettings):
    name: str = "shop"


class Health(BaseModel):  # expect: RW404
    status: str


app = FastAPI(title=Settings().name)
app.include_router(items.router)
