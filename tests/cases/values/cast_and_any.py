# typing.cast gives the type that Any hides.
import time
from typing import Any, cast

from fastapi import FastAPI, Request

app = FastAPI()


class Engine:
    def start(self) -> str:
        time.sleep(0.1)
        return "started"

    def name(self) -> str:
        return "engine"


@app.post("/start")
async def start(request: Request) -> str:
    raw: Any = request.app.state.engine
    engine = cast(Engine, raw)
    engine.name()
    return engine.start()  # expect: RW303


@app.post("/quoted")
async def quoted(request: Request) -> str:
    return cast("Engine", request.app.state.engine).start()  # expect: RW303
