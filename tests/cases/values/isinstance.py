# isinstance() on a value whose type is known.
from pathlib import Path

from fastapi import FastAPI

app = FastAPI()


def text_of(source: str | Path) -> str:
    if isinstance(source, Path):
        return source.read_text(encoding="utf-8")
    return source


@app.get("/literal")
async def literal() -> str:
    return text_of("# Title")


@app.get("/parameter")
async def parameter(text: str) -> str:
    return text_of(text)


@app.get("/path")
async def path(name: str) -> str:
    return text_of(Path("texts") / name)  # expect: RW304
