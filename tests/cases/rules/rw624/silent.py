# Excluded, overridden, a narrower schema, the administrators' route.
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


def get_admin(token: Annotated[str, Depends(scheme)]) -> User:
    user = User(name=token)
    if user.role != "admin":
        raise HTTPException(403)
    return user


@app.post("/a")
def excluded(data: UserUpdate) -> None:
    Session(engine).add(User(**data.model_dump(exclude={"role"})))


@app.post("/b")
def overridden(data: UserUpdate) -> None:
    Session(engine).add(User.model_validate(data, update={"role": "customer"}))


@app.post("/c")
def narrower(data: UserName) -> None:
    Session(engine).add(User(**data.model_dump()))


@app.post("/d")
def by_administrator(data: UserUpdate, admin: Annotated[User, Depends(get_admin)]) -> None:
    Session(engine).add(User(**data.model_dump()))


@app.post("/e")
def set_again(data: UserUpdate) -> None:
    values = data.model_dump()
    values["role"] = "customer"
    Session(engine).add(User(**values))
