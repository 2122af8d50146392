"""A library that takes clients of two kinds blocks as the one does that it is given."""

from __future__ import annotations

from pathlib import Path

import pytest

from roadworthy.engine import run
from roadworthy.project.config import Settings

LIBRARY = """
from typing import Union

from redis import Redis
from redis.asyncio import Redis as AsyncRedis


class Store:
    def __init__(self, client: Union[Redis, AsyncRedis], name: str) -> None:
        self.client = client
        self.name = name

    def load(self):
        return self.client.get(self.name)
"""
SERVICE = """
from fastapi import FastAPI
from keepers import Store
from {package} import Redis


class Names:
    def __init__(self, client: Redis | None = None) -> None:
        self.client = client

    async def load(self) -> object:
        if self.client is None:
            return None
        store = Store(self.client, "names")
        return {call}


names = Names()
app = FastAPI()


@app.get("/names")
async def read_names() -> object:
    return await names.load()
"""


@pytest.mark.parametrize(
    ("package", "call", "expected"),
    [
        ("redis.asyncio", "await store.load()", []),
        ("redis", "store.load()", [("RW302", 15)]),
    ],
)
def test_the_client_that_is_given_decides(
    package: str, call: str, expected: list[tuple[str, int]], tmp_path: Path
) -> None:
    environment = tmp_path / "venv"
    packages = environment / "lib" / "python3.12" / "site-packages"
    (packages / "keepers").mkdir(parents=True)
    (packages / "keepers" / "__init__.py").write_text(LIBRARY)
    (environment / "pyvenv.cfg").write_text("version = 3.12.1\n")
    root = tmp_path / "service"
    root.mkdir()
    (root / "main.py").write_text(SERVICE.format(package=package, call=call))

    report = run(
        root,
        Settings(root=root, select=("RW30",), python=environment, use_cache=False),
        None,
    )

    assert [(f.rule, f.line) for f in report.findings] == expected
