# Settings made on each request, and those that are kept
# file: app/__init__.py
# file: app/config.py
from functools import cache, lru_cache

from pydantic_settings import BaseSettings


class Common(BaseSettings):
    name: str = "shop"


class Settings(Common):
    debug: bool = False


class MailSettings(Common):
    host: str = "mail"


def get_settings() -> Settings:
    return Settings()  # expect: RW206


@lru_cache(maxsize=1)
def get_kept() -> Settings:
    return Settings()


@cache
def get_mail() -> MailSettings:
    return MailSettings()


settings = Settings()
_lazy: Settings | None = None


def get_lazy() -> Settings:
    global _lazy
    if _lazy is None:
        _lazy = Settings()
    return _lazy


def get_module_level() -> Settings:
    return settings
# file: app/main.py
from typing import Annotated

from fastapi import APIRouter, Depends, FastAPI

from app import config
from app.config import MailSettings, Settings

router = APIRouter()
SettingsDep = Annotated[Settings, Depends(config.get_settings)]


class Mailer:
    def __init__(self) -> None:
        self.settings = MailSettings()  # expect: RW206


async def get_prefix() -> str:
    conf = config.Settings()  # expect: RW206
    return conf.name


@router.get("/a")
async def a(settings: SettingsDep, prefix: str = Depends(get_prefix)) -> str:
    return prefix + settings.name


@router.get("/b")
async def b(mailer: Annotated[Mailer, Depends()]) -> str:
    return mailer.settings.host


@router.get("/c")
async def c() -> str:
    return Settings().name  # expect: RW206


@router.get("/d")
async def d(
    kept: Annotated[Settings, Depends(config.get_kept)],
    lazy: Annotated[Settings, Depends(config.get_lazy)],
    module: Settings = Depends(config.get_module_level),
    mail: MailSettings = Depends(config.get_mail),
) -> str:
    return kept.name + lazy.name + module.name + mail.host


app = FastAPI()
app.include_router(router)
