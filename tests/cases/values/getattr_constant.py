# getattr and setattr with a constant name.
import time

from fastapi import FastAPI

app = FastAPI()


class Machine:
    mode = "idle"

    def start(self) -> str:
        time.sleep(0.1)
        return "started"

    def status(self) -> str:
        return self.mode


machine = Machine()


@app.get("/start")
async def start() -> str:
    return getattr(machine, "start")()  # expect: RW303


@app.get("/status")
async def status() -> str:
    setattr(machine, "mode", "busy")
    return getattr(machine, "status")()
