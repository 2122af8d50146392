# Services, repositories and clients that handlers construct, and values that they may
# file: app/__init__.py
# file: app/services.py
import httpx
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession


class ItemRepository:
    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def count(self) -> int:
        return (await self.session.execute(text("SELECT 1"))).scalar_one()


class OrderService:
    def __init__(self, session: AsyncSession, items: ItemRepository | None = None) -> None:
        self.items = items or ItemRepository(session)

    async def place(self) -> int:
        return await self.items.count()


class RatesClient:
    def __init__(self) -> None:
        self.http = httpx.AsyncClient()

    async def today(self) -> str:
        return (await self.http.get("https://rates.example.com")).text


class Report:
    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def make(self) -> int:
        return 1


class Money:
    def __init__(self, amount: int) -> None:
        self.amount = amount

    def doubled(self) -> int:
        return self.amount * 2
# file: app/main.py
from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Depends, FastAPI
from pydantic import BaseModel
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine

from app import services
from app.services import ItemRepository, Money, OrderService, RatesClient

make_session = async_sessionmaker(create_async_engine("postgresql+asyncpg://db/shop"))


async def get_db() -> AsyncIterator[AsyncSession]:
    async with make_session() as session:
        yield session


Db = Annotated[AsyncSession, Depends(get_db)]
router = APIRouter()


class Out(BaseModel):
    total: int


def get_orders(db: Db) -> OrderService:
    return OrderService(db)


@router.get("/a")
async def a(db: Db) -> int:
    return await ItemRepository(db).count()  # expect: RW503


@router.get("/b")
async def b(db: AsyncSession = Depends(get_db)) -> int:
    service = services.OrderService(session=db)  # expect: RW503
    return await service.place()


@router.get("/c")
async def c() -> str:
    client = RatesClient()  # expect: RW503
    return await client.today()


@router.get("/d")
async def d(db: Db) -> int:
    return await services.Report(db).make()  # expect: RW503


@router.get("/e")
async def e(amount: int) -> Out:
    return Out(total=Money(amount).doubled())


@router.get("/f")
async def f(orders: Annotated[OrderService, Depends(get_orders)]) -> int:
    return await orders.place()


app = FastAPI()
app.include_router(router)
