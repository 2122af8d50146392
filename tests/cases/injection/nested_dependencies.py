# Dependencies of dependencies; the async one in the middle calls what it was given.
from collections.abc import Iterator
from typing import Annotated

from fastapi import Depends, FastAPI
from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session

engine = create_engine("sqlite:///app.db")
app = FastAPI()


def get_db() -> Iterator[Session]:
    with Session(engine) as session:
        yield session


class Users:
    def __init__(self, db: Session) -> None:
        self.db = db

    def exists(self, name: str) -> bool:
        query = text("select 1 where :n = 'admin'")
        return self.db.execute(query, {"n": name}).first() is not None


def get_users(db: Annotated[Session, Depends(get_db)]) -> Users:
    return Users(db)


async def active_user(name: str, users: Annotated[Users, Depends(get_users)]) -> str:
    if users.exists(name):  # expect: RW302
        return name
    return "nobody"


@app.get("/whoami")
async def whoami(user: Annotated[str, Depends(active_user)]) -> str:
    return user


@app.get("/whoami-again")
async def again(user: Annotated[str, Depends(active_user, use_cache=False)]) -> str:
    return user
