# Owned rows loaded through sessions, generic repositories and services of other modules
# file: app/__init__.py
# file: app/models.py
from sqlalchemy import ForeignKey
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class OwnedMixin:
    owner_id: Mapped[int] = mapped_column(ForeignKey("users.id"))


class User(Base):
    __tablename__ = "users"
    id: Mapped[int] = mapped_column(primary_key=True)
    is_superuser: Mapped[bool]


class Note(OwnedMixin, Base):
    __tablename__ = "notes"
    id: Mapped[int] = mapped_column(primary_key=True)
    text: Mapped[str]


class Invoice(Base):
    __tablename__ = "invoices"
    id: Mapped[int] = mapped_column(primary_key=True)
    customer_id: Mapped[int]
    total: Mapped[int]


class Country(Base):
    __tablename__ = "countries"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
# file: app/repository.py
from typing import Any, Generic, TypeVar

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.models import Base, Country, Invoice, Note

ModelT = TypeVar("ModelT", bound=Base)


class Repository(Generic[ModelT]):
    def __init__(self, model: type[ModelT]) -> None:
        self.model = model

    async def get(self, session: AsyncSession, key: Any) -> ModelT | None:
        return await session.get(self.model, key)

    async def find(self, session: AsyncSession, *, id: int) -> ModelT | None:
        found = await session.execute(select(self.model).where(self.model.id == id))
        return found.scalar_one_or_none()

    async def remove(self, session: AsyncSession, key: int) -> None:
        await session.execute(delete(self.model).where(self.model.id == key))


notes = Repository(Note)
invoices = Repository(Invoice)
countries = Repository(Country)


async def get_invoice(session: AsyncSession, invoice_id: int) -> Invoice | None:
    query = select(Invoice).where(Invoice.id == invoice_id)
    return (await session.execute(query)).scalars().first()


async def get_own_invoice(session: AsyncSession, invoice_id: int, customer_id: int) -> Invoice | None:
    query = select(Invoice).where(Invoice.id == invoice_id, Invoice.customer_id == customer_id)
    return (await session.execute(query)).scalars().first()
# file: app/service.py
from sqlalchemy.ext.asyncio import AsyncSession

from app import repository
from app.models import Note


class Notes:
    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def load(self, note_id: int) -> Note | None:
        return await repository.notes.get(self.session, note_id)

    async def rename(self, note_id: int, text: str) -> Note | None:
        note = await self.load(note_id)
        if note is not None:
            note.text = text
        return note
# file: app/deps.py
from collections.abc import AsyncIterator
from typing import Annotated

import jwt
from fastapi import Depends, HTTPException
from fastapi.security import OAuth2PasswordBearer
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine

from app.models import Note, User
from app.service import Notes

make_session = async_sessionmaker(create_async_engine("postgresql+asyncpg://db/shop"))
oauth2 = OAuth2PasswordBearer(tokenUrl="token")


async def get_db() -> AsyncIterator[AsyncSession]:
    async with make_session() as session:
        yield session


SessionDep = Annotated[AsyncSession, Depends(get_db)]


async def get_current_user(session: SessionDep, token: str = Depends(oauth2)) -> User:
    claims = jwt.decode(token, "key", algorithms=["HS256"])
    user = await session.get(User, int(claims["sub"]))
    if user is None:
        raise HTTPException(401)
    return user


CurrentUser = Annotated[User, Depends(get_current_user)]


async def get_admin(user: CurrentUser) -> User:
    if not user.is_superuser:
        raise HTTPException(403)
    return user


async def get_own_note(note_id: int, session: SessionDep, user: CurrentUser) -> Note:
    note = await session.get(Note, note_id)
    if note is None or note.owner_id != user.id:
        raise HTTPException(404)
    return note


def get_notes(session: SessionDep) -> Notes:
    return Notes(session)
# file: app/notes.py
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException
from sqlalchemy import select

from app import repository
from app.deps import CurrentUser, SessionDep, get_current_user, get_notes, get_own_note
from app.models import Country, Note, User
from app.service import Notes

router = APIRouter(prefix="/notes", dependencies=[Depends(get_current_user)])


@router.get("/{note_id}")  # expect: RW617
async def read_note(note_id: int, session: SessionDep) -> str:
    note = await session.get(Note, note_id)
    if note is None:
        raise HTTPException(404)
    return note.text


@router.delete("/{note_id}")  # expect: RW617
async def delete_note(note_id: int, session: SessionDep, user: CurrentUser) -> None:
    note = await repository.notes.get(session, note_id)
    if not note:
        raise HTTPException(404)
    await session.delete(note)
    await session.commit()


@router.get("/{note_id}/found")  # expect: RW617
async def found_note(note_id: int, session: SessionDep) -> str:
    note = await repository.notes.find(session, id=note_id)
    return note.text if note else ""


@router.delete("/{note_id}/removed")  # expect: RW617
async def removed_note(note_id: int, session: SessionDep, user: User = Depends(get_current_user)) -> None:
    await repository.notes.remove(session, note_id)


@router.patch("/{note_id}")  # expect: RW617
async def rename_note(note_id: int, text: str, notes: Annotated[Notes, Depends(get_notes)]) -> str:
    note = await notes.rename(note_id, text)
    return note.text if note else ""


@router.get("/{note_id}/mine")
async def read_own(note: Annotated[Note, Depends(get_own_note)]) -> str:
    return note.text


@router.put("/{note_id}")
async def replace_note(note_id: int, text: str, session: SessionDep, user: CurrentUser) -> str:
    note = await session.get(Note, note_id)
    if note is None or note.owner_id != user.id:
        raise HTTPException(404)
    note.text = text
    return note.text


@router.get("/{note_id}/country/{country_id}")
async def read_country(note_id: int, country_id: int, session: SessionDep, user: CurrentUser) -> str:
    country = await session.get(Country, country_id)
    return country.name if country else ""


@router.get("/{note_id}/query")
async def by_query(note_id: int, session: SessionDep, user: CurrentUser) -> str:
    query = select(Note).where(Note.id == note_id).where(Note.owner_id == user.id)
    return (await session.execute(query)).scalar_one().text
# file: app/invoices.py
from fastapi import APIRouter, Depends, HTTPException

from app import repository
from app.deps import CurrentUser, SessionDep, get_admin
from app.models import Invoice

router = APIRouter()


@router.get("/invoices/{invoice_id}")  # expect: RW617
async def read_invoice(invoice_id: int, session: SessionDep, _: CurrentUser) -> int:
    invoice = await repository.get_invoice(session, invoice_id)
    if invoice is None:
        raise HTTPException(404)
    return invoice.total


@router.get("/own-invoices/{invoice_id}")
async def read_own_invoice(invoice_id: int, session: SessionDep, user: CurrentUser) -> int:
    invoice = await repository.get_own_invoice(session, invoice_id, user.id)
    if invoice is None:
        raise HTTPException(404)
    return invoice.total


@router.delete("/all-invoices/{invoice_id}", dependencies=[Depends(get_admin)])
async def delete_invoice(invoice_id: int, session: SessionDep) -> None:
    await session.delete(await session.get_one(Invoice, invoice_id))


@router.get("/countries/{country_id}")
async def read_country(country_id: int, session: SessionDep, _: CurrentUser) -> str:
    country = await repository.countries.get(session, country_id)
    return country.name if country else ""


@router.get("/open/{invoice_id}")
async def read_open(invoice_id: int, session: SessionDep) -> int:
    invoice = await session.get(Invoice, invoice_id)
    return invoice.total if invoice else 0
# file: app/main.py
from fastapi import FastAPI

from app import invoices, notes

app = FastAPI()
app.include_router(notes.router, prefix="/api")
app.include_router(invoices.router, prefix="/api")
