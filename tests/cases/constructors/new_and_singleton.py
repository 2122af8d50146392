# A singleton by __new__ that connects the first time it is made.
from __future__ import annotations

import time
from typing import ClassVar

from fastapi import FastAPI

app = FastAPI()


class Hub:
    _instance: ClassVar[Hub | None] = None

    def __new__(cls) -> Hub:
        if cls._instance is None:
            time.sleep(1)
            cls._instance = super().__new__(cls)
        return cls._instance

    def name(self) -> str:
        return "hub"


class Registry:
    _instance: ClassVar[Registry | None] = None

    def __new__(cls) -> Registry:
        if cls._instance is None:
            cls._instance = super().__new__(cls)
        return cls._instance

    def name(self) -> str:
        return "registry"


@app.get("/hub")
async def hub() -> str:
    return Hub().name()  # expect: RW303


@app.get("/registry")
async def registry() -> str:
    return Registry().name()
