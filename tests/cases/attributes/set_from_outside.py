# An attribute that another module sets once the object exists.
# file: main.py
from fastapi import FastAPI

import wiring
from registry import registry

app = FastAPI()
wiring.configure()


@app.get("/lookup/{name}")
async def lookup(name: str) -> str:
    return registry.backend.find(name)  # expect: RW302
# file: registry.py
from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from backend import Backend


class Registry:
    backend: Backend


registry = Registry()
# file: wiring.py
from backend import Backend
from registry import registry


def configure() -> None:
    registry.backend = Backend("names.db")
# file: backend.py
import sqlite3


class Backend:
    def __init__(self, path: str) -> None:
        self.path = path

    def find(self, name: str) -> str:
        connection = sqlite3.connect(self.path)
        try:
            row = connection.execute("select v from n where k = ?", (name,)).fetchone()
        finally:
            connection.close()
        return row[0] if row else ""
