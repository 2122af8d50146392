# Reading the environment belongs to the settings; setting a variable is not reading
# file: app/__init__.py
# file: app/main.py
import os
from os import environ, getenv

from fastapi import FastAPI

from app import names
from app.settings import settings

app = FastAPI()
URL = os.getenv("URL")  # expect: RW205
DEBUG = "DEBUG" in os.environ  # expect: RW205
os.environ["TOKENIZERS_PARALLELISM"] = "false"
os.environ.setdefault("TZ", "UTC")


@app.get("/a")
async def read_a() -> str:
    return environ["A"] + (getenv("B") or "")  # expect: RW205


@app.get("/c")
async def read_c() -> str:
    import os as system

    return system.environ.get("C", settings.name)  # expect: RW205


NAME = "F"


@app.get("/named/{name}")
async def read_named(name: str) -> str:
    return os.environ[name] if name in os.environ else os.environ[NAME]  # expect: RW205


@app.get("/d")
async def read_d() -> str:
    environ = {"D": "d"}
    return environ["D"] + names.getenv("E")
# file: app/names.py
def getenv(name: str) -> str:
    return name
# file: app/settings.py
import os

from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    name: str = os.getenv("NAME", "")


settings = Settings()
# file: scripts/tool.py
import os

print(os.environ["HOME"])
# file: tests/test_main.py
import os

TOKEN = os.environ.get("TOKEN")
