# Decorators that return what they got: a registry of commands.
import time
from collections.abc import Callable

from fastapi import FastAPI

app = FastAPI()
COMMANDS: dict[str, Callable[[], str]] = {}


def command(name: str) -> Callable[[Callable[[], str]], Callable[[], str]]:
    def register(function: Callable[[], str]) -> Callable[[], str]:
        COMMANDS[name] = function
        return function

    return register


@command("sync")
def synchronise() -> str:
    time.sleep(2)
    return "synchronised"


@command("ping")
def ping() -> str:
    return "pong"


@app.post("/commands/{name}")
async def run_command(name: str) -> str:
    return COMMANDS[name]()  # expect: RW303


@app.get("/ping")
async def run_ping() -> str:
    return ping()


@app.get("/sync")
async def run_sync() -> str:
    return synchronise()  # expect: RW303
