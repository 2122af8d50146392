# Subclasses that register themselves by __init_subclass__.
import time
from typing import ClassVar

from fastapi import FastAPI

app = FastAPI()


class Plugin:
    registry: ClassVar[dict[str, type["Plugin"]]] = {}

    def __init_subclass__(cls) -> None:
        Plugin.registry[cls.__name__] = cls

    def run(self) -> str:
        return "nothing"


class Slow(Plugin):
    def run(self) -> str:
        time.sleep(0.1)
        return "slow"


class Quick(Plugin):
    def run(self) -> str:
        return "quick"


@app.post("/plugins/{name}")
async def run_plugin(name: str) -> str:
    plugin = Plugin.registry[name]()
    return plugin.run()  # expect: RW303


@app.get("/quick")
async def run_quick() -> str:
    return Quick().run()
