# Objects loaded by an id of the path through services and repositories
# file: app/__init__.py
# file: app/models.py
from sqlalchemy import ForeignKey
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class User(Base):
    __tablename__ = "users"
    id: Mapped[int] = mapped_column(primary_key=True)
    is_admin: Mapped[bool] = mapped_column(default=False)


class Invoice(Base):
    __tablename__ = "invoices"
    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    total: Mapped[int]


class Country(Base):
    __tablename__ = "countries"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
# file: app/deps.py
from typing import Annotated

import jwt
from fastapi import Depends, HTTPException
from fastapi.security import OAuth2PasswordBearer
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine

from app.models import Invoice, User

Session = async_sessionmaker(create_async_engine("postgresql+asyncpg://db/app"))
scheme = OAuth2PasswordBearer(tokenUrl="token")


async def get_session():
    async with Session() as session:
        yield session


DB = Annotated[AsyncSession, Depends(get_session)]


async def current_user(token: Annotated[str, Depends(scheme)], db: DB) -> User:
    claims = jwt.decode(token, "k", algorithms=["HS256"])
    user = await db.get(User, int(claims["sub"]))
    if user is None:
        raise HTTPException(401)
    return user


CurrentUser = Annotated[User, Depends(current_user)]


async def admin(user: CurrentUser) -> User:
    if not user.is_admin:
        raise HTTPException(403)
    return user


async def own_invoice(invoice_id: int, user: CurrentUser, db: DB) -> Invoice:
    invoice = await db.get(Invoice, invoice_id)
    if invoice is None or invoice.user_id != user.id:
        raise HTTPException(404)
    return invoice
# file: app/service.py
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.models import Country, Invoice


class InvoiceService:
    def __init__(self, db: AsyncSession) -> None:
        self.db = db

    async def get(self, invoice_id: int) -> Invoice | None:
        return await self.db.get(Invoice, invoice_id)

    async def get_for(self, invoice_id: int, user_id: int) -> Invoice | None:
        query = select(Invoice).where(Invoice.id == invoice_id, Invoice.user_id == user_id)
        return await self.db.scalar(query)

    async def remove(self, invoice_id: int) -> None:
        invoice = await self.get(invoice_id)
        if invoice is not None:
            await self.db.delete(invoice)
            await self.db.commit()


async def country(db: AsyncSession, key: int) -> Country | None:
    return await db.get(Country, key)
# file: app/api.py
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException

from app import service
from app.deps import DB, CurrentUser, admin, own_invoice
from app.models import Invoice
from app.service import InvoiceService

router = APIRouter(prefix="/invoices")


def invoices(db: DB) -> InvoiceService:
    return InvoiceService(db)


Invoices = Annotated[InvoiceService, Depends(invoices)]


@router.get("/{invoice_id}")  # expect: RW617
async def read(invoice_id: int, user: CurrentUser, invoices: Invoices) -> int:
    invoice = await invoices.get(invoice_id)
    if invoice is None:
        raise HTTPException(404)
    return invoice.total


@router.delete("/{invoice_id}")  # expect: RW617
async def remove(invoice_id: int, user: CurrentUser, invoices: Invoices) -> None:
    await invoices.remove(invoice_id)


@router.get("/{invoice_id}/total")
async def total(invoice_id: int, user: CurrentUser, invoices: Invoices) -> int:
    invoice = await invoices.get_for(invoice_id, user.id)
    return invoice.total if invoice else 0


@router.get("/{invoice_id}/lines")
async def lines(invoice: Annotated[Invoice, Depends(own_invoice)]) -> int:
    return invoice.total


@router.post("/{invoice_id}/void", dependencies=[Depends(admin)])
async def void(invoice_id: int, invoices: Invoices) -> None:
    await invoices.remove(invoice_id)


@router.get("/countries/{key}")
async def read_country(key: int, user: CurrentUser, db: DB) -> str:
    found = await service.country(db, key)
    return found.name if found else ""
# file: app/main.py
from fastapi import FastAPI

from app.api import router

app = FastAPI()
app.include_router(router)
