# `query(Model).get`, `filter_by` and `filter` load an object as `session.get` does.
from typing import Annotated

from fastapi import Depends, FastAPI
from fastapi.security import OAuth2PasswordBearer
from sqlalchemy import create_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

engine = create_engine("postgresql://db/shop")
app = FastAPI()
scheme = OAuth2PasswordBearer(tokenUrl="token")


class Base(DeclarativeBase):
    pass


class Order(Base):
    __tablename__ = "orders"
    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int]


def get_db():
    with Session(engine) as session:
        yield session


Db = Annotated[Session, Depends(get_db)]
Token = Annotated[str, Depends(scheme)]


@app.get("/a/{order_id}")  # expect: RW617
def a(order_id: int, db: Db, token: Token) -> int:
    return db.query(Order).filter(Order.id == order_id).first().user_id


@app.get("/b/{order_id}")  # expect: RW617
def b(order_id: int, db: Db, token: Token) -> int:
    return db.query(Order).get(order_id).user_id


@app.get("/c/{order_id}")  # expect: RW617
def c(order_id: int, db: Db, token: Token) -> int:
    return db.query(Order).filter_by(id=order_id).first().user_id


@app.get("/d/{order_id}")
def d(order_id: int, db: Db, token: Token) -> int:
    return db.query(Order).filter_by(id=order_id, user_id=int(token)).first().user_id
