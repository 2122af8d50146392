# Reads that no route leads to, and those that belong to settings in another form
# file: app/__init__.py
# file: app/_vendor/__init__.py
# file: app/_vendor/colours.py
import os

COLOUR = os.environ.get("NO_COLOR")
# file: app/django_settings.py
import os

INSTALLED_APPS = ["django.contrib.auth"]
SECRET_KEY = os.getenv("DJANGO_SECRET_KEY")
DATABASES = {"default": {"HOST": os.environ["DB_HOST"]}}
# file: app/settings/__init__.py
from app.settings.base import settings
# file: app/settings/base.py
from pydantic_settings import BaseSettings

from app.settings.profiles import profile


class Settings(BaseSettings):
    profile: str = profile()


settings = Settings()
# file: app/settings/profiles.py
import os


def profile() -> str:
    return os.environ.get("PROFILE", "default")
# file: app/config/__init__.py
# file: app/config/limits.py
import os

from pydantic_settings import BaseSettings


class Limits(BaseSettings):
    rate: int = int(os.getenv("RATE", "10"))
# file: app/config/queue.py
import os

BROKER = os.environ["BROKER"]  # expect: RW205
# file: app/release.py
import os


def branch() -> str:
    return os.getenv("GITHUB_REF_NAME", "")


def describe() -> str:
    return branch()


def search_by_name(name: str) -> str:
    return os.getenv("SEARCH_URL", name)  # expect: RW205


class Notifier:
    def send(self) -> str:
        return os.environ["SMTP_HOST"]  # expect: RW205


class Deployment:
    def push(self) -> str:
        return os.environ["REGISTRY"]
# file: app/main.py
from fastapi import FastAPI, Request

from app import django_settings, release
from app._vendor import colours
from app.config import limits, queue
from app.settings import settings

app = FastAPI()
SEARCHES = {"name": release.search_by_name}


@app.get("/search")
async def search(request: Request, kind: str) -> str:
    found = SEARCHES[kind](settings.profile)
    request.app.state.notifier = release.Notifier()
    return f"{found} {colours.COLOUR} {limits} {queue} {django_settings}"
