# A union of many models declares a schema, however many there are
from typing import Annotated

from fastapi import FastAPI
from pydantic import BaseModel, Discriminator
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

app = FastAPI()


class Base(DeclarativeBase):
    pass


class Row(Base):
    __tablename__ = "rows"
    id: Mapped[int] = mapped_column(primary_key=True)


class K0(BaseModel):
    kind: str
    name: str


class K1(BaseModel):
    kind: str
    name: str


class K2(BaseModel):
    kind: str
    name: str


class K3(BaseModel):
    kind: str
    name: str


class K4(BaseModel):
    kind: str
    name: str


class K5(BaseModel):
    kind: str
    name: str


class K6(BaseModel):
    kind: str
    name: str


class K7(BaseModel):
    kind: str
    name: str


class K8(BaseModel):
    kind: str
    name: str


class K9(BaseModel):
    kind: str
    name: str


class K10(BaseModel):
    kind: str
    name: str


class K11(BaseModel):
    kind: str
    name: str


Kind = Annotated[
    K0
    | K1
    | K2
    | K3
    | K4
    | K5
    | K6
    | K7
    | K8
    | K9
    | K10
    | K11,
    Discriminator("kind"),
]


@app.get("/kinds/{id}", response_model=Kind)
async def read(id: int) -> Row:
    return Row(id=id)


@app.get("/rows/{id}", response_model=None)  # expect: RW203
async def read_row(id: int):
    return Row(id=id)
