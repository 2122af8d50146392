# A function given to a constructor and called as an attribute, in a dataclass.
import time
from collections.abc import Callable
from dataclasses import dataclass

from fastapi import FastAPI

app = FastAPI()


@dataclass(frozen=True)
class Rule:
    name: str
    test: Callable[[str], bool]

    def applies(self, text: str) -> bool:
        return self.test(text)


def remote_check(text: str) -> bool:
    time.sleep(0.1)
    return bool(text)


REMOTE = Rule("remote", remote_check)
LOCAL = Rule("local", str.isupper)


@app.get("/remote")
async def remote(text: str) -> bool:
    return REMOTE.applies(text)  # expect: RW303


@app.get("/direct")
async def direct(text: str) -> bool:
    return REMOTE.test(text)  # expect: RW303


@app.get("/local")
async def local(text: str) -> bool:
    return LOCAL.applies(text)
