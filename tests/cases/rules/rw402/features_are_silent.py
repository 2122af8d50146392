# A package a feature, each with its router, schemas, models and service
# file: app/__init__.py
# file: app/users/__init__.py
# file: app/users/models.py
from app.database import Base
from sqlalchemy.orm import Mapped, mapped_column


class User(Base):
    __tablename__ = "users"
    id: Mapped[int] = mapped_column(primary_key=True)
# file: app/users/schemas.py
from pydantic import BaseModel


class UserOut(BaseModel):
    id: int
# file: app/users/service.py
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.users.models import User


def all_users(session: Session) -> list[User]:
    return list(session.scalars(select(User)))
# file: app/users/router.py
from fastapi import APIRouter

from app.database import SessionLocal
from app.users import service
from app.users.schemas import UserOut

router = APIRouter(prefix="/users")


@router.get("")
def read() -> list[UserOut]:
    with SessionLocal() as session:
        return [UserOut(id=row.id) for row in service.all_users(session)]
# file: app/orders/__init__.py
# file: app/orders/models.py
from app.database import Base
from sqlalchemy.orm import Mapped, mapped_column


class Order(Base):
    __tablename__ = "orders"
    id: Mapped[int] = mapped_column(primary_key=True)
# file: app/orders/schemas.py
from pydantic import BaseModel


class OrderOut(BaseModel):
    id: int
# file: app/orders/service.py
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.orders.models import Order


def all_orders(session: Session) -> list[Order]:
    return list(session.scalars(select(Order)))
# file: app/orders/router.py
from fastapi import APIRouter

from app.database import SessionLocal
from app.orders import service
from app.orders.schemas import OrderOut

router = APIRouter(prefix="/orders")


@router.get("")
def read() -> list[OrderOut]:
    with SessionLocal() as session:
        return [OrderOut(id=row.id) for row in service.all_orders(session)]
# file: app/items/__init__.py
# file: app/items/models.py
from app.database import Base
from sqlalchemy.orm import Mapped, mapped_column


class Item(Base):
    __tablename__ = "items"
    id: Mapped[int] = mapped_column(primary_key=True)
# file: app/items/schemas.py
from pydantic import BaseModel


class ItemOut(BaseModel):
    id: int
# file: app/items/service.py
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.items.models import Item


def all_items(session: Session) -> list[Item]:
    return list(session.scalars(select(Item)))
# file: app/items/router.py
from fastapi import APIRouter

from app.database import SessionLocal
from app.items import service
from app.items.schemas import ItemOut

router = APIRouter(prefix="/items")


@router.get("")
def read() -> list[ItemOut]:
    with SessionLocal() as session:
        return [ItemOut(id=row.id) for row in service.all_items(session)]
# file: app/carts/__init__.py
# file: app/carts/models.py
from app.database import Base
from sqlalchemy.orm import Mapped, mapped_column


class Cart(Base):
    __tablename__ = "carts"
    id: Mapped[int] = mapped_column(primary_key=True)
# file: app/carts/schemas.py
from pydantic import BaseModel


class CartOut(BaseModel):
    id: int
# file: app/carts/service.py
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.carts.models import Cart


def all_carts(session: Session) -> list[Cart]:
    return list(session.scalars(select(Cart)))
# file: app/carts/router.py
from fastapi import APIRouter

from app.database import SessionLocal
from app.carts import service
from app.carts.schemas import CartOut

router = APIRouter(prefix="/carts")


@router.get("")
def read() -> list[CartOut]:
    with SessionLocal() as session:
        return [CartOut(id=row.id) for row in service.all_carts(session)]
# file: app/database.py
from sqlalchemy import create_engine
from sqlalchemy.orm import DeclarativeBase, sessionmaker

SessionLocal = sessionmaker(create_engine("postgresql://localhost/shop"))


class Base(DeclarativeBase):
    pass
# file: app/main.py
from fastapi import FastAPI

from app.users import router as users
from app.orders import router as orders
from app.items import router as items
from app.carts import router as carts

app = FastAPI()
app.include_router(users.router)
app.include_router(orders.router)
app.include_router(items.router)
app.include_router(carts.router)
