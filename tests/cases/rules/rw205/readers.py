# Reads of the environment by several libraries, and those in settings
# file: app/__init__.py
# file: app/config.py
import os

from pydantic import Field
from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    home: str = Field(default_factory=lambda: os.environ.get("HOME", "/"))
    debug: bool = bool(os.getenv("DEBUG"))


settings = Settings()
# file: app/old.py
import os
from os import environ, getenv as read

import decouple
from decouple import config
from dotenv import dotenv_values, load_dotenv
from starlette.config import Config

load_dotenv()
starlette = Config(".env")
NAME = "DATABASE_URL"

URL = os.environ["DATABASE_URL"]  # expect: RW205
KEY = environ.get("KEY")  # expect: RW205
HOST = read("HOST", "localhost")  # expect: RW205
PORT = config("PORT", cast=int)  # expect: RW205
OTHER = decouple.config("OTHER")  # expect: RW205
VALUES = dotenv_values(".env")  # expect: RW205
STARLETTE = starlette("STARLETTE", default="")  # expect: RW205
BY_NAME = os.environ[NAME]  # expect: RW205
IS_CI = "CI" in os.environ  # expect: RW205
os.environ["TZ"] = "UTC"
os.environ.setdefault("LANG", "C")
# file: app/main.py
import os

from fastapi import Depends, FastAPI

from app import old
from app.config import settings


def region() -> str:
    return os.getenv("REGION", "eu")  # expect: RW205


app = FastAPI(debug=settings.debug)


@app.get("/")
async def root(where: str = Depends(region)) -> str:
    return where + str(old.URL)
