# Loaded by key, by query or in a helper, the user never looked at.
from typing import Annotated

from fastapi import Depends, FastAPI, HTTPException
from fastapi.security import OAuth2PasswordBearer
from sqlmodel import Field, Session, SQLModel, create_engine, select

engine = create_engine("postgresql://db/shop")
app = FastAPI()
scheme = OAuth2PasswordBearer(tokenUrl="token")


class User(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    is_superuser: bool = False


class Order(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    owner_id: int


class Country(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)


def get_session():
    with Session(engine) as session:
        yield session


def get_user(token: Annotated[str, Depends(scheme)]) -> User:
    return User(id=int(token))


def get_admin(user: Annotated[User, Depends(get_user)]) -> User:
    if not user.is_superuser:
        raise HTTPException(403)
    return user


Db = Annotated[Session, Depends(get_session)]
Me = Annotated[User, Depends(get_user)]


def load(session: Session, key: int) -> Order:
    return session.exec(select(Order).where(Order.id == key)).one()


@app.delete("/orders/{order_id}")  # expect: RW617
def delete_order(order_id: int, session: Db, user: Me) -> None:
    session.delete(load(session, order_id))


@app.get("/orders/{order_id}", dependencies=[Depends(get_user)])  # expect: RW617
def read_order(order_id: int, session: Db) -> Order:
    return session.get(Order, order_id)
