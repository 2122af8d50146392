# A property that reads a file is entered where it is read, not where it is defined.
from pathlib import Path

from fastapi import FastAPI

app = FastAPI()


class Document:
    def __init__(self, name: str) -> None:
        self.name = name

    @property
    def title(self) -> str:
        return self.name.title()

    @property
    def text(self) -> str:
        return Path(self.name).read_text(encoding="utf-8")


@app.get("/documents/{name}")
async def read_document(name: str) -> dict[str, str]:
    document = Document(name)
    title = document.title
    text = document.text  # expect: RW304
    return {"title": title, "text": text}
