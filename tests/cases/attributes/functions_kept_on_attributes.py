# A closure kept on an attribute and called later.
import time
from collections.abc import Callable

from fastapi import FastAPI

app = FastAPI()


class Button:
    def __init__(self, on_press: Callable[[], str]) -> None:
        self.on_press = on_press

    def press(self) -> str:
        return self.on_press()


def slow_action(seconds: float) -> Callable[[], str]:
    def act() -> str:
        time.sleep(seconds)
        return "done"

    return act


bell = Button(slow_action(2))
lamp = Button(lambda: "on")


@app.post("/bell")
async def ring() -> str:
    return bell.press()  # expect: RW303


@app.post("/lamp")
async def light() -> str:
    return lamp.press()
