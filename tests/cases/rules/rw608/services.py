# Fast hashes and clear comparisons in services, repositories and helpers of other modules
# file: shop/__init__.py
# file: shop/models.py
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class Account(Base):
    __tablename__ = "accounts"
    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str]
    password: Mapped[str]
    api_token_hash: Mapped[str]
# file: shop/schemas.py
from pydantic import BaseModel, SecretStr


class Credentials(BaseModel):
    email: str
    password: str


class Registration(BaseModel):
    email: str
    password: SecretStr
    password_confirm: SecretStr


class Change(BaseModel):
    old_password: str
    new_password: str
# file: shop/security.py
import hashlib
import hmac
from hashlib import md5, sha1 as old_hash

import bcrypt

SALT = "shop"


def hash_password(plain: str) -> str:
    return hashlib.sha256((SALT + plain).encode("utf-8")).hexdigest()  # expect: RW608


def legacy_hash(password: str) -> str:
    return md5(password.encode()).hexdigest()  # expect: RW608


def renamed_hash(raw_password: str) -> str:
    return old_hash(f"{SALT}{raw_password}".encode()).hexdigest()  # expect: RW608


def by_name(password: str) -> str:
    digest = hashlib.new("sha512", password.encode())  # expect: RW608
    return digest.hexdigest()


def stepwise(password: str) -> str:
    digest = hashlib.sha512()
    digest.update(SALT.encode())
    digest.update(password.encode())  # expect: RW608
    return digest.hexdigest()


def verify_password(plain_password: str, hashed_password: str) -> bool:
    salted = SALT + plain_password
    return hmac.compare_digest(
        hashlib.sha1(salted.encode()).hexdigest(), hashed_password  # expect: RW608
    )


def prehashed(password: str) -> bytes:
    digest = hashlib.sha256(password.encode()).digest()
    return bcrypt.hashpw(digest, bcrypt.gensalt())


def slow(password: str) -> str:
    return hashlib.pbkdf2_hmac("sha256", password.encode(), b"salt", 600_000).hex()


def token_hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def avatar(email: str) -> str:
    return hashlib.md5(email.encode()).hexdigest()


def etag(content: bytes) -> str:
    return hashlib.sha1(content, usedforsecurity=False).hexdigest()
# file: shop/accounts.py
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from shop.models import Account
from shop.schemas import Credentials


class Accounts:
    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def find(self, email: str) -> Account | None:
        found = await self.session.execute(select(Account).where(Account.email == email))
        return found.scalar_one_or_none()

    async def login(self, given: Credentials) -> Account | None:
        account = await self.find(given.email)
        if account is None or account.password != given.password:  # expect: RW608
            return None
        return account

    async def login_by_query(self, email: str, password: str) -> Account | None:
        query = select(Account).where(
            Account.email == email,
            Account.password == password,  # expect: RW608
        )
        return (await self.session.execute(query)).scalar_one_or_none()
# file: shop/main.py
from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import Depends, FastAPI, HTTPException
from fastapi.security import OAuth2PasswordRequestForm
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine

from shop import security
from shop.accounts import Accounts
from shop.schemas import Change, Credentials, Registration

make_session = async_sessionmaker(create_async_engine("postgresql+asyncpg://db/shop"))
users = {"ann": {"name": "ann", "password": "x"}}
app = FastAPI()


async def get_session() -> AsyncIterator[AsyncSession]:
    async with make_session() as session:
        yield session


SessionDep = Annotated[AsyncSession, Depends(get_session)]


@app.post("/login")
async def login(given: Credentials, session: SessionDep) -> str:
    account = await Accounts(session).login(given)
    if account is None:
        raise HTTPException(401)
    return account.email


@app.post("/login/query")
async def login_query(given: Credentials, session: SessionDep) -> str:
    account = await Accounts(session).login_by_query(given.email, given.password)
    if account is None:
        raise HTTPException(401)
    return account.email


@app.post("/token")
async def token(form: Annotated[OAuth2PasswordRequestForm, Depends()]) -> str:
    user = users.get(form.username)
    if not user or user["password"] != form.password:  # expect: RW608
        raise HTTPException(400)
    return form.username


@app.post("/register")
async def register(data: Registration) -> list[str]:
    if data.password != data.password_confirm:
        raise HTTPException(422)
    plain = data.password.get_secret_value()
    return [
        security.hash_password(plain),
        security.legacy_hash(plain),
        security.renamed_hash(plain),
        security.by_name(plain),
        security.stepwise(plain),
        str(security.prehashed(plain)),
        security.slow(plain),
    ]


@app.post("/password")
async def change(data: Change) -> bool:
    if data.new_password == data.old_password:
        raise HTTPException(422)
    return security.verify_password(data.old_password, "x")


@app.get("/keys/{token}")
async def keys(token: str) -> list[str]:
    return [security.token_hash(token), security.avatar(token), security.etag(b"")]
