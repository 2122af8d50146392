# Annotated dependencies through type aliases, as the official template writes them.
from collections.abc import Iterator
from typing import Annotated, TypeAlias

from fastapi import Depends, FastAPI
from sqlmodel import Field, Session, SQLModel, create_engine, select

engine = create_engine("sqlite:///app.db")


class Item(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    title: str


def get_session() -> Iterator[Session]:
    with Session(engine) as session:
        yield session


SessionDep: TypeAlias = Annotated[Session, Depends(get_session)]
app = FastAPI()


@app.get("/items")
async def read_items(session: SessionDep) -> list[Item]:
    return list(session.exec(select(Item)).all())  # expect: RW302


@app.post("/items")
async def add_item(session: SessionDep, title: str) -> Item:
    item = Item(title=title)
    session.add(item)
    session.commit()  # expect: RW302
    session.refresh(item)  # expect: RW302
    return item


@app.get("/pool")
def read_in_pool(session: SessionDep) -> list[Item]:
    return list(session.exec(select(Item)).all())
