# Administrators, objects without an owner, a check, the owner in the query, a dependency that checks.
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


def get_order(order_id: int, session: Db, user: Me) -> Order:
    order = session.get(Order, order_id)
    if order is None or order.owner_id != user.id:
        raise HTTPException(404)
    return order


@app.get("/a/{order_id}")
def by_admin(order_id: int, session: Db, user: Annotated[User, Depends(get_admin)]) -> Order:
    return session.get(Order, order_id)


@app.get("/b/{country_id}")
def no_owner(country_id: int, session: Db, user: Me) -> Country:
    return session.get(Country, country_id)


@app.get("/c/{order_id}")
def checked(order_id: int, session: Db, user: Me) -> Order:
    order = session.get(Order, order_id)
    if order.owner_id != user.id:
        raise HTTPException(404)
    return order


@app.get("/d/{order_id}")
def in_query(order_id: int, session: Db, user: Me) -> Order:
    query = select(Order).where(Order.id == order_id, Order.owner_id == user.id)
    return session.exec(query).one()


@app.get("/e/{order_id}")
def by_dependency(order: Annotated[Order, Depends(get_order)]) -> Order:
    return order


@app.get("/f/{order_id}")
def public(order_id: int, session: Db) -> Order:
    return session.get(Order, order_id)
