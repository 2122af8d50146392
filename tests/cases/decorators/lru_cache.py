# A cached function blocks when its cache is empty, so the call on the loop counts.
import json
from functools import cache, lru_cache

from fastapi import FastAPI

app = FastAPI()


@lru_cache(maxsize=128)
def translations(language: str) -> dict[str, str]:
    with open(f"i18n/{language}.json", encoding="utf-8") as file:
        return json.load(file)


@cache
def plural(word: str) -> str:
    return f"{word}s"


@app.get("/hello/{language}")
async def hello(language: str) -> str:
    texts = translations(language)  # expect: RW304
    return texts.get("hello", plural("hello"))
