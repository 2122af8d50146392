# Secrets in settings, constants, arguments and URLs; and what only looks like them
# file: app/__init__.py
# file: app/config.py
import os
from functools import lru_cache

from pydantic import AnyUrl, Field, PostgresDsn, SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict
from starlette.config import Config
from starlette.datastructures import Secret

config = Config(".env")

JWT_SECRET = "b1946ac92492d2347c6235b4d2611184"  # expect: RW604
SESSION_KEY = os.environ.get("SESSION_SECRET_KEY", "keyboard-cat-42")  # expect: RW604
STARLETTE_SECRET = config("SECRET_KEY", cast=Secret, default="not-so-secret-7")  # expect: RW604
REDIS_URL = "redis://:hunter22@cache:6379/0"  # expect: RW604
BROKER = os.getenv("BROKER_URL", "amqp://guest:g7est@broker:5672//")  # expect: RW604
TOKEN_URL = "/api/v1/login/access-token"
PASSWORD_FIELD = "password"
SECRET_NAME = "projects/shop/secrets/jwt"
PASSWORD_MIN_LENGTH = 12
SECRET_HEADER = "X-Secret"
TOKEN_TYPE = "bearer"
PLAIN_URL = "postgresql://db:5432/shop"


class Settings(BaseSettings):
    model_config = SettingsConfigDict(env_file=".env")
    secret_key: str = Field(default="f3a9c1de77", min_length=8)  # expect: RW604
    smtp_password: SecretStr = SecretStr("Wint3r2024!")  # expect: RW604
    dsn: PostgresDsn = "postgresql+asyncpg://app:pa55word@db/app"  # expect: RW604
    aws_secret_access_key: str | None = None
    access_key: str = ""
    first_superuser_password: str = "changethis"
    algorithm: str = "HS256"
    token_lifetime: int = 15
    database: AnyUrl | None = None

    @field_validator("first_superuser_password")
    @classmethod
    def not_the_placeholder(cls, value: str) -> str:
        if value == "changethis":
            raise ValueError("set a password")
        return value


class Development:
    SECRET_KEY = "dev-0123456789abcdef"  # expect: RW604
    DATABASE_URL = f"postgresql://app:{os.environ['DB_PASSWORD']}@db/app"


@lru_cache
def get_settings() -> Settings:
    return Settings()
# file: app/main.py
from datetime import datetime, timedelta, timezone

import jwt
from fastapi import FastAPI
from fastapi.security import OAuth2PasswordBearer
from redis.asyncio import Redis
from sqlalchemy.ext.asyncio import create_async_engine
from starlette.middleware.sessions import SessionMiddleware

from app import config

engine = create_async_engine("mysql+aiomysql://root:toor99@db/shop")  # expect: RW604
redis = Redis(host="cache", password="s3same-open")  # expect: RW604
oauth2 = OAuth2PasswordBearer(tokenUrl="token")
app = FastAPI(title="Shop")
app.add_middleware(SessionMiddleware, secret_key="my-session-secret-1")  # expect: RW604
MESSAGES = {"password": "The password is wrong", "token_missing": "no token"}


def issue(name: str) -> str:
    end = datetime.now(timezone.utc) + timedelta(minutes=5)
    return jwt.encode({"sub": name, "exp": end}, "jwt-signing-9", algorithm="HS256")  # expect: RW604


def connect(user: str = "app", password: str = "letmein1") -> None: ...  # expect: RW604


@app.post("/token")
async def token(name: str, grant_type: str = "password") -> dict[str, str]:
    connect(config.get_settings().secret_key)
    return {"access_token": issue(name), "token_type": "bearer"}
