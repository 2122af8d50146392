# A singleton made at import: making it is silent, its methods are not.
# file: main.py
from fastapi import FastAPI

from config import settings
from search import index

app = FastAPI()


@app.get("/search")
async def search(q: str) -> list[str]:
    return index.query(q)  # expect: RW301


@app.get("/region")
async def region() -> str:
    return settings["region"] + index.name
# file: config.py
import json
from pathlib import Path

settings = json.loads(Path("settings.json").read_text(encoding="utf-8"))
# file: search.py
import time

import requests


class Index:
    def __init__(self, name: str) -> None:
        time.sleep(1)
        self.name = name

    def query(self, text: str) -> list[str]:
        answer = requests.get("https://search.example.com", params={"q": text})
        return list(answer.json())


index = Index("main")
