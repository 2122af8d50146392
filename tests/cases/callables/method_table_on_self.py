# A controller that dispatches to its own methods by name.
import time
from collections.abc import Callable

from fastapi import FastAPI

app = FastAPI()


class Dispatcher:
    def __init__(self) -> None:
        self.actions: dict[str, Callable[[str], str]] = {
            "shout": self.shout,
            "print": self.print,
        }

    def shout(self, text: str) -> str:
        return text.upper()

    def print(self, text: str) -> str:
        time.sleep(0.1)
        return text

    def run(self, action: str, text: str) -> str:
        return self.actions[action](text)


dispatcher = Dispatcher()


@app.post("/run/{action}")
async def run(action: str, text: str) -> str:
    return dispatcher.run(action, text)  # expect: RW303


@app.post("/shout")
async def shout(text: str) -> str:
    return dispatcher.run("shout", text)
