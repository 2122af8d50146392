# A generic repository whose subclasses only name their model.
# file: app/__init__.py
# file: app/db.py
from collections.abc import Iterator

from sqlalchemy import create_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, sessionmaker

engine = create_engine("sqlite:///app.db")
SessionLocal = sessionmaker(bind=engine)


class Base(DeclarativeBase):
    id: Mapped[int] = mapped_column(primary_key=True)


class User(Base):
    __tablename__ = "users"
    name: Mapped[str]


def get_db() -> Iterator[Session]:
    db = SessionLocal()
    try:
        yield db
    finally:
        db.close()
# file: app/repository.py
from typing import Generic, TypeVar

from app.db import Base, User
from sqlalchemy import select
from sqlalchemy.orm import Session

ModelT = TypeVar("ModelT", bound=Base)


class Repository(Generic[ModelT]):
    model: type[ModelT]

    def __init__(self, session: Session) -> None:
        self.session = session

    def get(self, id_: int) -> ModelT | None:
        return self.session.get(self.model, id_)

    def all(self) -> list[ModelT]:
        return list(self.session.scalars(select(self.model)))

    def table(self) -> str:
        return self.model.__tablename__


class UserRepository(Repository[User]):
    model = User
# file: app/main.py
from typing import Annotated

from app.db import get_db
from app.repository import UserRepository
from fastapi import Depends, FastAPI
from sqlalchemy.orm import Session

app = FastAPI()


@app.get("/users/{user_id}")
async def read_user(user_id: int, db: Annotated[Session, Depends(get_db)]) -> str:
    users = UserRepository(db)
    user = users.get(user_id)  # expect: RW302
    return user.name if user else users.table()


@app.get("/users")
async def read_users(db: Annotated[Session, Depends(get_db)]) -> list[str]:
    return [user.name for user in UserRepository(db).all()]  # expect: RW302
