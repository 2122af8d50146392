# Defaults, fallbacks, keywords and URLs; the finding stands on the literal.
import os

import jwt
from fastapi import FastAPI
from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings

app = FastAPI()
SECRET_KEY = "b7f1c2d9e8a74c6db1"  # expect: RW604
API_TOKEN = os.getenv("API_TOKEN", "tok_51Hx9a7c")  # expect: RW604
DB_PASSWORD = os.environ.get("DB_PASSWORD") or "hunter2"  # expect: RW604
REDIS_URL = "redis://:hunter2@cache:6379/0"  # expect: RW604
BROKER = "amqp://guest:guest@queue//"  # expect: RW604


class Settings(BaseSettings):
    client_secret: SecretStr = SecretStr("9f8e7d6c5b4a")  # expect: RW604
    jwt_secret_key: str = Field(
        default="please-keep-this-quiet",  # expect: RW604
    )


@app.post("/token")
async def issue(name: str) -> str:
    return jwt.encode({"sub": name, "exp": 1}, "very-quiet-key")  # expect: RW604


@app.get("/mail")
async def mail() -> None:
    connect(host="mail", password="hunter2")  # expect: RW604


def connect(host: str, password: str) -> None: ...
