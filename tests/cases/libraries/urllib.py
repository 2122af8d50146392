# urllib.request blocks; urllib.parse does not.
from urllib.parse import quote, urlsplit
from urllib.request import Request, urlopen

from fastapi import FastAPI

app = FastAPI()


@app.get("/open")
async def read(path: str) -> str:
    request = Request(f"https://example.com/{quote(path)}")
    with urlopen(request, timeout=3) as answer:  # expect: RW301
        return answer.read().decode()  # allow: RW301


@app.get("/host")
async def host(url: str) -> str:
    return urlsplit(url).hostname or ""
