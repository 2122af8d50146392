# Secrets in response schemas: inherited, nested, in generics and unions; and those kept back
# file: app/__init__.py
# file: app/models.py
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlmodel import Field, SQLModel


class Base(DeclarativeBase):
    pass


class Account(Base):
    __tablename__ = "accounts"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]


class HeroBase(SQLModel):
    name: str


class Hero(HeroBase, table=True):
    id: int | None = Field(default=None, primary_key=True)


class HeroRead(HeroBase):
    id: int
# file: app/schemas.py
from typing import Generic, TypeVar

from pydantic import BaseModel, ConfigDict, Field, SecretStr

T = TypeVar("T")


class UserBase(BaseModel):
    name: str


class UserIn(UserBase):
    password: str


class UserInDb(UserBase):
    model_config = ConfigDict(from_attributes=True)
    hashed_password: str


class UserOut(UserBase):
    id: int


class UserDetail(UserInDb):
    email: str


class Team(BaseModel):
    members: list[UserInDb]


class Page(BaseModel, Generic[T]):
    items: list[T]
    total: int


class Hidden(UserBase):
    password: str = Field(exclude=True)


class Masked(UserBase):
    password: SecretStr


class Key(BaseModel):
    id: int
    api_key: str


class Tokens(BaseModel):
    access_token: str
    refresh_token: str
    token_type: str


class Integration(BaseModel):
    name: str
    client_secret: str
# file: app/main.py
from typing import Any, Optional

from fastapi import APIRouter, FastAPI
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine

from app.models import Account, Hero, HeroRead
from app.schemas import Hidden, Integration, Key, Masked, Page, Team, Tokens, UserDetail, UserIn, UserInDb, UserOut

make_session = async_sessionmaker(create_async_engine("postgresql+asyncpg://db/shop"))
router = APIRouter()


@router.post("/users", response_model=UserIn)  # expect: RW203
async def create(user: UserIn) -> Any:
    return user


@router.get("/users/{key}")  # expect: RW203
async def read(key: int) -> UserInDb:
    return UserInDb(name="a", hashed_password="x")


@router.get("/details/{key}", response_model=Optional[UserDetail])  # expect: RW203
async def detail(key: int) -> Any:
    return None


@router.get("/team")  # expect: RW203
async def team() -> Team:
    return Team(members=[])


@router.get("/page", response_model=Page[UserInDb])  # expect: RW203
async def page() -> Any:
    return {"items": [], "total": 0}


@router.get("/all")  # expect: RW203
async def everything() -> dict[str, list[UserIn]]:
    return {}


@router.get("/heroes", response_model=list[Hero])  # expect: RW203
async def heroes() -> Any:
    return []


@router.get("/accounts/{key}")  # expect: RW203
async def account(key: int):
    async with make_session() as session:
        return await session.get(Account, key)


@router.get("/accounts")  # expect: RW203
async def accounts() -> Any:
    async with make_session() as session:
        return (await session.scalars(select(Account))).all()


@router.get("/integrations")  # expect: RW203
async def integrations() -> list[Integration]:
    return []


@router.get("/keys")  # expect: RW203
async def keys() -> list[Key]:
    return []


@router.post("/keys")
async def create_key() -> Key:
    return Key(id=1, api_key="x")


@router.post("/token")
async def token() -> Tokens:
    return Tokens(access_token="a", refresh_token="b", token_type="bearer")


@router.get("/out", response_model=Page[UserOut])
async def out() -> Any:
    return {}


@router.get("/hidden")
async def hidden() -> Hidden:
    return Hidden(name="a", password="b")


@router.get("/masked")
async def masked() -> Masked:
    return Masked(name="a", password="b")


@router.get("/excluded", response_model=UserInDb, response_model_exclude={"hashed_password"})
async def excluded() -> Any:
    return {}


@router.get("/hero", response_model=HeroRead)
async def hero() -> Any:
    return Hero(name="a")


@router.get("/account-out/{key}", response_model=UserOut)
async def account_out(key: int) -> Any:
    async with make_session() as session:
        return await session.get(Account, key)


app = FastAPI()
app.include_router(router)
