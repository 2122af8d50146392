# Passwords hashed by helpers, by methods of models, compared in services
# file: app/__init__.py
# file: app/hashing.py
import hashlib
import hmac
import os

import bcrypt


def hash_password(password: str, salt: bytes | None = None) -> str:
    salt = salt or os.urandom(16)
    return hashlib.sha256(salt + password.encode()).hexdigest()  # expect: RW608


def digest(value: str) -> str:
    return hashlib.md5(value.encode()).hexdigest()  # expect: RW608


def etag(content: bytes) -> str:
    return hashlib.md5(content).hexdigest()


def strong(password: str) -> bytes:
    return bcrypt.hashpw(password.encode(), bcrypt.gensalt())


def derived(password: str, salt: bytes) -> bytes:
    return hashlib.scrypt(password.encode(), salt=salt, n=2**14, r=8, p=1)
# file: app/models.py
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class User(Base):
    __tablename__ = "users"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    password: Mapped[str]
# file: app/main.py
from fastapi import FastAPI, HTTPException, Response
from pydantic import BaseModel
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine

from app.hashing import derived, digest, etag, hash_password, strong
from app.models import User

app = FastAPI()
engine = create_async_engine("postgresql+asyncpg://db/app")


class Credentials(BaseModel):
    name: str
    password: str


@app.post("/register")
async def register(data: Credentials) -> str:
    derived(data.password, b"1234567890123456")
    strong(data.password)
    return hash_password(data.password)


@app.post("/register-old")
async def register_old(data: Credentials) -> str:
    return digest(data.password)


@app.get("/file")
async def file() -> Response:
    return Response(b"a", headers={"ETag": etag(b"a")})


@app.post("/login")
async def login(data: Credentials) -> int:
    async with AsyncSession(engine) as session:
        user = await session.scalar(select(User).where(User.name == data.name))
    if user is None or user.password != data.password:  # expect: RW608
        raise HTTPException(401)
    return user.id
