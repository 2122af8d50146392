# A repository behind a cached_property: reaching it is free, its query is not.
from functools import cached_property

from fastapi import FastAPI
from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session, sessionmaker

app = FastAPI()
SessionLocal = sessionmaker(create_engine("sqlite://"))


class UserRepository:
    def __init__(self, session: Session) -> None:
        self.session = session

    def count(self) -> int:
        return self.session.execute(text("select count(*) from users")).scalar_one()


class UnitOfWork:
    @cached_property
    def session(self) -> Session:
        return SessionLocal()

    @cached_property
    def users(self) -> UserRepository:
        return UserRepository(self.session)


@app.get("/users/count")
async def count_users() -> int:
    unit = UnitOfWork()
    users = unit.users
    return users.count()  # expect: RW302
