# Secrets that the client must learn, or has already; and those it must not
from typing import Optional

from fastapi import FastAPI
from pydantic import BaseModel
from sqlmodel import Field, Relationship, SQLModel

app = FastAPI()


class Owner(SQLModel, table=True):
    id: Optional[int] = Field(default=None, primary_key=True)
    password: str
    things: list["Thing"] = Relationship(back_populates="owner")


class Thing(SQLModel, table=True):
    id: Optional[int] = Field(default=None, primary_key=True)
    owner_id: int = Field(foreign_key="owner.id")
    owner: Owner = Relationship(back_populates="things")


class ThingPage(BaseModel):
    things: list[Thing]


class PaymentIntent(BaseModel):
    amount: int
    client_secret: str


class Partner(BaseModel):
    client_id: str
    client_secret: str


class Share(BaseModel):
    share_secret: str


class ListenerIn(BaseModel):
    url: str


class Listener(BaseModel):
    url: str
    secret: str


class Mirror(BaseModel):
    url: str
    secret: str


class MirrorIn(Mirror):
    pass


@app.get("/things", response_model=ThingPage)
async def things():
    return {"things": []}


@app.get("/payments/{id}", response_model=PaymentIntent)
async def payment(id: int):
    return {"amount": id, "client_secret": ""}


@app.get("/partners", response_model=list[Partner])  # expect: RW203
async def partners():
    return []


@app.get("/shares/{share_secret}", response_model=Share)
async def share(share_secret: str):
    return {"share_secret": share_secret}


@app.post("/listeners", response_model=Listener)
async def create_listener(body: ListenerIn):
    return {"url": body.url, "secret": "made here"}


@app.get("/listeners", response_model=list[Listener])  # expect: RW203
async def listeners():
    return []


@app.post("/mirrors", response_model=Mirror)  # expect: RW203
async def create_mirror(body: MirrorIn):
    return body


@app.post("/listeners/check", response_model=Listener)  # expect: RW203
async def check_listener(body: ListenerIn):
    return {"url": body.url, "secret": "made before"}
