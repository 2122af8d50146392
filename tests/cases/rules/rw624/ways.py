# The model call, the setattr loop, model_validate and sqlmodel_update.
from typing import Annotated

from fastapi import Depends, FastAPI, HTTPException
from fastapi.security import OAuth2PasswordBearer
from sqlmodel import Field, Session, SQLModel, create_engine

engine = create_engine("postgresql://db/shop")
app = FastAPI()
scheme = OAuth2PasswordBearer(tokenUrl="token")


class UserUpdate(SQLModel):
    name: str | None = None
    role: str | None = None


class UserName(SQLModel):
    name: str


class User(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    name: str
    role: str = "customer"


@app.post("/a")
def a(data: UserUpdate) -> None:
    user = User.model_validate(data)  # expect: RW624
    Session(engine).add(user)


def update(user: User, data: UserUpdate) -> None:
    for name, value in data.model_dump(exclude_unset=True).items():
        setattr(user, name, value)  # expect: RW624


@app.patch("/b/{user_id}")
def b(user_id: int, data: UserUpdate) -> None:
    with Session(engine) as session:
        update(session.get(User, user_id), data)


@app.patch("/c/{user_id}")
def c(user_id: int, data: UserUpdate) -> None:
    with Session(engine) as session:
        user = session.get(User, user_id)
        changes = data.model_dump(exclude_unset=True)
        user.sqlmodel_update(changes)  # expect: RW624
