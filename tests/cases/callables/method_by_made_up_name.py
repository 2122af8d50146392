# A method found by a name that is put together: those that fit the known part may run.
import time

from fastapi import FastAPI

app = FastAPI()


class Commands:
    def on_start(self) -> None:
        time.sleep(1)

    def on_stop(self) -> None:
        return None

    def get_fast(self) -> int:
        return 1

    def sleep_handler(self) -> None:
        time.sleep(1)


commands = Commands()


@app.post("/events/{event}")
async def on(event: str) -> None:
    getattr(commands, f"on_{event}")()  # expect: RW303
    name = "on_" + event
    getattr(commands, name)()  # expect: RW303
    getattr(commands, f"{event}_handler", None)()  # expect: RW303


@app.get("/values/{kind}")
async def read(kind: str) -> int:
    getattr(commands, "on_" + "stop")()
    return getattr(commands, f"get_{kind}")()
