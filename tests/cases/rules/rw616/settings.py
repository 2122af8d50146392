# Debugging by constants, settings, and in scripts
# file: app/__init__.py
# file: app/constants.py
DEBUG = True
RELOAD = False
# file: app/settings.py
from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    debug: bool = False


settings = Settings()
# file: app/main.py
import uvicorn
from fastapi import FastAPI

from app.constants import DEBUG, RELOAD
from app.settings import settings

app = FastAPI(debug=DEBUG)  # expect: RW616
second = FastAPI(debug=settings.debug)
third = FastAPI(**{"debug": True})  # expect: RW616


def start() -> None:
    uvicorn.run("app.main:app", host="0.0.0.0", reload=True)  # expect: RW616


def serve() -> None:
    uvicorn.run("app.main:app", reload=RELOAD)


if __name__ == "__main__":
    uvicorn.run("app.main:app", reload=True)
