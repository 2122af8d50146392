# A module chosen at run time: those that the name may be are looked into.
# file: app/__init__.py
# file: app/storage/__init__.py
# A module chosen by a setting: the modules beside the one that asks may be meant.
import importlib
import os


def get_storage():
    module = importlib.import_module(os.environ["STORAGE"])
    return module.Storage()


def get_exporter(kind: str):
    module = importlib.import_module(f"app.exporters.{kind}")
    return module.export


# file: app/storage/disk.py
class Storage:
    async def load(self, name: str) -> str:
        with open(name) as stream:  # expect: RW304
            return stream.read()


# file: app/storage/memory.py
class Storage:
    async def load(self, name: str) -> str:
        return name


# file: app/exporters/__init__.py
# file: app/exporters/csv.py
import time


def export(name: str) -> None:
    time.sleep(1)


# file: app/exporters/text.py
def export(name: str) -> None:
    return None


# file: app/main.py
from fastapi import FastAPI

from app.storage import get_exporter, get_storage

app = FastAPI()


@app.get("/{name}")
async def read(name: str) -> str:
    return await get_storage().load(name)


@app.post("/{kind}")
async def write(kind: str) -> None:
    get_exporter(kind)("a")  # expect: RW303
