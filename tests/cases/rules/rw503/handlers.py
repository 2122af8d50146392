# Services, repositories and clients made in handlers; data, responses and errors are none
from dataclasses import dataclass
from enum import Enum
from typing import Annotated

import httpx
from fastapi import Depends, FastAPI
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session, sessionmaker

app = FastAPI()
factory = sessionmaker(create_engine("sqlite://"))


def get_db():
    with factory() as db:
        yield db


Database = Annotated[Session, Depends(get_db)]


class PenRepository:
    def __init__(self, db: Session) -> None:
        self.db = db

    def count(self) -> int:
        return self.db.scalar(text("SELECT count(*) FROM pens"))


class MailClient:
    def __init__(self) -> None:
        self.sent = 0

    async def send(self, to: str) -> None:
        async with httpx.AsyncClient() as client:
            await client.post("https://mail.example", json={"to": to})


class Price:
    def __init__(self, amount: int, currency: str) -> None:
        self.amount = amount
        self.currency = currency

    def doubled(self) -> int:
        return self.amount * 2


class Pen(BaseModel):
    colour: str


@dataclass
class Range:
    first: int
    last: int

    def size(self) -> int:
        return self.last - self.first


class Colour(Enum):
    BLUE = "blue"


class OutOfInk(Exception):
    def explain(self) -> str:
        return "out of ink"


class Answer(JSONResponse):
    def describe(self) -> str:
        return "answer"


def get_repository(db: Database) -> PenRepository:
    return PenRepository(db)


@app.get("/repository")
def count_pens(db: Database) -> int:
    return PenRepository(db).count()  # expect: RW503


@app.post("/client")
async def send(to: str) -> None:
    client = MailClient()  # expect: RW503
    await client.send(to)


@app.get("/injected")
def injected(repository: Annotated[PenRepository, Depends(get_repository)]) -> int:
    return repository.count()


@app.get("/value")
async def value(amount: int, currency: str) -> int:
    return Price(amount, currency).doubled()


@app.get("/data")
async def data(first: int, last: int) -> Answer:
    if first > last:
        raise OutOfInk()
    pen = Pen(colour=Colour("blue").value)
    return Answer({"size": Range(first, last).size(), "pen": pen.colour})
