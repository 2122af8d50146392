# Names that come by import *, with and without __all__.
# file: main.py
from fastapi import FastAPI

from helpers import *
from tools import *

app = FastAPI()


@app.get("/")
async def index() -> dict[str, str]:
    name = shout("x")
    wait_a_little()  # expect: RW303
    text = read_banner()  # expect: RW304
    return {"name": name, "banner": text}
# file: helpers.py
import time

__all__ = ["shout", "wait_a_little"]


def wait_a_little() -> None:
    time.sleep(0.1)


def shout(text: str) -> str:
    return text.upper()


def read_banner() -> str:
    return "not exported"
# file: tools.py
def read_banner() -> str:
    with open("banner.txt", encoding="utf-8") as file:
        return file.read()
