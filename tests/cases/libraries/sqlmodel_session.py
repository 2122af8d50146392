# SQLModel sessions from a dependency: exec, get, commit; select() is silent.
from collections.abc import Iterator

from fastapi import Depends, FastAPI, HTTPException
from sqlmodel import Field, Session, SQLModel, create_engine, select

engine = create_engine("sqlite:///heroes.db")


class Hero(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    name: str


def get_session() -> Iterator[Session]:
    with Session(engine) as session:
        yield session


app = FastAPI()


@app.on_event("startup")
def create_tables() -> None:
    SQLModel.metadata.create_all(engine)  # expect: RW302 warning


@app.get("/heroes/{hero_id}")
async def read(hero_id: int, session: Session = Depends(get_session)) -> Hero:
    hero = session.get(Hero, hero_id)  # expect: RW302
    if hero is None:
        raise HTTPException(404)
    return hero


@app.get("/heroes")
async def search(name: str, session: Session = Depends(get_session)) -> list[Hero]:
    statement = select(Hero).where(Hero.name == name).limit(10)
    return list(session.exec(statement))  # expect: RW302
