# Debug mode by constants and dictionaries, servers by aliases and entry points
# file: app/__init__.py
# file: app/config.py
from pydantic_settings import BaseSettings

DEBUG = True
RELOAD = True
QUIET = False
APP_OPTIONS = {"title": "Shop", "debug": True}


class Config:
    DEBUG = True


class Settings(BaseSettings):
    debug: bool = False
    reload: bool = False


settings = Settings()
# file: app/main.py
from fastapi import FastAPI

from app import config
from app.config import APP_OPTIONS, DEBUG, QUIET, Config, settings


class Service(FastAPI):
    pass


app = FastAPI(title="Shop", debug=DEBUG)  # expect: RW616
second = FastAPI(debug=config.DEBUG)  # expect: RW616
third = FastAPI(**APP_OPTIONS)  # expect: RW616
fourth = FastAPI(debug=Config.DEBUG)  # expect: RW616
fifth = Service(debug=True)  # expect: RW616
quiet = FastAPI(debug=QUIET)
chosen = FastAPI(debug=settings.debug)
chosen_attribute = FastAPI(debug=config.settings.debug)


def create_app() -> FastAPI:
    application = FastAPI(  # expect: RW616
        title="Shop",
        debug=True,
    )
    application.mount("/a", app)
    return application


served = create_app()
# file: app/server.py
import os

import uvicorn
from uvicorn import run as serve

from app.config import RELOAD, settings


def start() -> None:
    uvicorn.run("app.main:app", host="0.0.0.0", port=8000, reload=True)  # expect: RW616


def start_renamed() -> None:
    serve("app.main:app", reload=RELOAD)  # expect: RW616


def start_configured() -> None:
    server = uvicorn.Server(uvicorn.Config("app.main:app", reload=True))  # expect: RW616
    server.run()


def start_by_settings() -> None:
    uvicorn.run("app.main:app", reload=settings.reload)


def start_by_environment() -> None:
    uvicorn.run("app.main:app", reload=os.environ.get("RELOAD") == "1")


def by_hand() -> None:
    uvicorn.run("app.main:app", reload=True)


if __name__ == "__main__":
    by_hand()
