# Secrets in nested settings, dataclasses, fallbacks of expressions, and URLs
# file: app/__init__.py
# file: app/config.py
import os
from dataclasses import dataclass, field

from pydantic import BaseModel, Field, PostgresDsn, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class JWTSettings(BaseModel):
    secret_key: SecretStr = SecretStr("3f1c9a77d0b84c2e9d5f")  # expect: RW604
    algorithm: str = "HS256"


class DatabaseSettings(BaseModel):
    url: PostgresDsn = Field(
        default="postgresql+asyncpg://app:s3cr3tpw@db:5432/app"  # expect: RW604
    )
    pool: int = 5


@dataclass
class Mail:
    host: str = "smtp.example.com"
    password: str = "Pa55w0rd-9213"  # expect: RW604
    reply_to: str = field(default="no-reply@example.com")


class Settings(BaseSettings):
    model_config = SettingsConfigDict(env_nested_delimiter="__")
    jwt: JWTSettings = JWTSettings()
    database: DatabaseSettings = DatabaseSettings()
    broker: str = "amqp://shop:hunter2@rabbit:5672//"  # expect: RW604
    redis: str = "redis://localhost:6379/0"
    password_min_length: int = 12
    token_url: str = "/api/v1/token"
    secret_name: str = "prod/shop/db"


SESSION_SECRET = os.environ.get("SESSION_SECRET") or "e8b1d0c4f6a29375"  # expect: RW604
API_TOKEN = os.environ["API_TOKEN"]
settings = Settings()
# file: app/main.py
from fastapi import FastAPI
from starlette.middleware.sessions import SessionMiddleware

from app.config import SESSION_SECRET, settings

app = FastAPI()
app.add_middleware(SessionMiddleware, secret_key=SESSION_SECRET)


@app.get("/")
async def root() -> str:
    return settings.redis
