# Quiet: filled at import, left sides always given, branches that arguments exclude.
# file: app/__init__.py
# file: app/config.py
import json
import os
import socket
from functools import lru_cache, cached_property
from pathlib import Path


class Settings:
    def __init__(self, path: str | None = None) -> None:
        self._path = path
        self._data = None

    def load(self):
        if self._data is None:
            self._data = json.loads(Path(self._path or "a.json").read_text())
        return self._data

    @cached_property
    def hostname(self) -> str:
        return socket.gethostbyname("db")


@lru_cache
def get_settings() -> Settings:
    with open("defaults.json") as stream:
        json.load(stream)
    return Settings()


@lru_cache(maxsize=None)
def words(language: str) -> frozenset:
    return frozenset(Path(f"{language}.txt").read_text().split())


settings = get_settings()
ENGLISH = words("en")
HOST = settings.hostname
COUNTRIES = json.loads((Path(__file__).parent / "countries.json").read_text())
# file: app/work.py
import subprocess
import time

import requests


def fetch(url, session=None, raw=False):
    session = session or requests.Session()
    if raw:
        return session.get(url, timeout=3)
    return url


def pick(value=None, fallback=lambda: requests.get("http://x", timeout=1).text):
    return value if value is not None else fallback()


def name_of(user, loader=None):
    return user or loader()


def load_name():
    return open("name").read()


def run(command, dry=True):
    if dry:
        return " ".join(command)
    return subprocess.check_output(command)


def wait(seconds=0, *, poll=False):
    if not poll:
        return None
    while True:
        time.sleep(seconds)


MODES = {"fast": lambda: 1, "slow": lambda: time.sleep(3)}


def by_mode(mode="fast"):
    return MODES[mode]()
# file: app/main.py
from app.config import COUNTRIES, ENGLISH, HOST, get_settings, settings, words
from app.work import by_mode, fetch, load_name, name_of, pick, run, wait
from fastapi import Depends, FastAPI

app = FastAPI()


@app.get("/")
async def index(config=Depends(get_settings)):
    return {
        "host": HOST,
        "again": settings.hostname,
        "words": len(words("en")),
        "n": len(COUNTRIES),
        "cfg": bool(get_settings()),
        "other": len(words("de")),  # expect: RW304
    }


@app.get("/work")
async def work(user: str):
    fetch("x")
    pick("given")
    name_of("me", load_name)
    run(["ls"])
    wait()
    by_mode()
    return None


@app.get("/work/real")
async def real(user: str | None = None):
    fetch("x", raw=True)  # expect: RW301
    pick()  # expect: RW301
    name_of(user, load_name)  # expect: RW304
    run(["ls"], dry=False)  # expect: RW305
    wait(1, poll=True)  # expect: RW303
    by_mode("slow")  # expect: RW303
