# Schemas and table models in router and main modules; settings and bases are silent
# file: app/__init__.py
# file: app/schemas.py
from pydantic import BaseModel


class Ink(BaseModel):
    colour: str
# file: app/pens.py
from dataclasses import dataclass

from fastapi import APIRouter
from pydantic import BaseModel
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from app.schemas import Ink

router = APIRouter()


class Base(DeclarativeBase):
    pass


class Pen(Base):  # expect: RW404
    __tablename__ = "pens"
    id: Mapped[int] = mapped_column(primary_key=True)


class PenOut(Ink):  # expect: RW404
    pass


@dataclass
class Cursor:
    position: int


class Page:
    def __init__(self, size: int = 10) -> None:
        self.size = size


@router.get("/pens")
async def read_pens() -> list[PenOut]:
    class Inner(BaseModel):  # expect: RW404
        value: int

    return [PenOut(colour=str(Inner(value=1).value))]
# file: app/main.py
from fastapi import FastAPI
from pydantic import BaseModel
from pydantic_settings import BaseSettings

from app.pens import router


class Settings(BaseSettings):
    name: str = "pens"


class Message(BaseModel):  # expect: RW404
    text: str


app = FastAPI(title=Settings().name)
app.include_router(router)
