# The implementation is chosen by configuration: any that blocks counts.
# file: app/__init__.py
# file: app/main.py
import os

from app.storage import Storage, make_storage
from fastapi import FastAPI

app = FastAPI()
storage: Storage = make_storage(os.environ.get("STORAGE", "memory"))


@app.get("/blobs/{key}")
async def blob(key: str) -> bytes:
    return storage.get(key)  # expect: RW304


@app.get("/keys/{key}")
async def has_key(key: str) -> str:
    return storage.normalise(key)
# file: app/storage.py
from abc import ABC, abstractmethod
from pathlib import Path


class Storage(ABC):
    @abstractmethod
    def get(self, key: str) -> bytes:
        raise NotImplementedError

    def normalise(self, key: str) -> str:
        return key.lower()


class MemoryStorage(Storage):
    def __init__(self) -> None:
        self.blobs: dict[str, bytes] = {}

    def get(self, key: str) -> bytes:
        return self.blobs[key]


class DiskStorage(Storage):
    def __init__(self, root: Path) -> None:
        self.root = root

    def get(self, key: str) -> bytes:
        return (self.root / key).read_bytes()


def make_storage(kind: str) -> Storage:
    if kind == "disk":
        return DiskStorage(Path("/srv"))
    return MemoryStorage()
