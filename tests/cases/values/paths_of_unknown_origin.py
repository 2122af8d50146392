# `read_text` and the like are methods of paths alone: no type is needed to know them.
from typing import Any

import anyio
from fastapi import FastAPI

app = FastAPI()
settings: Any = __import__("os").environ


class Store:
    async def write_text(self, text: str) -> None:
        return None


store: Any = Store()


@app.get("/")
async def read() -> str:
    template = settings.folder.value() / "page.html"
    text = template.read_text(encoding="utf-8")  # expect: RW304
    settings.cache.write_bytes(b"x")  # expect: RW304
    await settings.remote.write_text("x")
    await store.write_text("x")
    await anyio.Path("a").read_text()
    return text
