# Empty values, names of things, rejected placeholders, enumerations and documentation.
import os
from enum import Enum

from fastapi import FastAPI
from pydantic import BaseModel, Field, field_validator
from pydantic_settings import BaseSettings

app = FastAPI()
PASSWORD_FIELD = "password"
TOKEN_URL = "/login/access-token"
token_type = "bearer"
ACCESS_TOKEN = "access_token"
API_KEY = os.environ["API_KEY"]
API_KEY_ENV = "SHOP_API_KEY"
api_key = "EMPTY"
MASKED_PASSWORD = "********"
TEST_PASSWORD = "hunter2"
DATABASE_URL = "postgresql://{user}:{password}@{host}/shop"
INVALID_PASSWORD = "The password is not right"


class Grant(Enum):
    PASSWORD = "password-flow"
    TOKEN = "token-exchange-2"


class Settings(BaseSettings):
    secret_key: str = "changethis"
    smtp_password: str = ""
    api_token: str | None = None

    @field_validator("secret_key")
    @classmethod
    def no_placeholder(cls, value: str) -> str:
        if value == "changethis":
            raise ValueError("set SECRET_KEY")
        return value


class Login(BaseModel):
    """Such as `postgresql://shop:s3cret@db/shop`."""

    password: str = Field(examples=["correct-horse-battery"])


@app.post("/login")
async def login(data: Login) -> dict[str, str]:
    return {"access_token": data.password, "token_type": "bearer"}
