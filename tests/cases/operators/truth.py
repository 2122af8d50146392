# if, while, not and `and` ask an object for its truth.
import time

from fastapi import FastAPI

app = FastAPI()


class Service:
    def __bool__(self) -> bool:
        time.sleep(0.1)
        return False


class Flag:
    def __bool__(self) -> bool:
        return True


service = Service()
flag = Flag()


@app.get("/if")
async def with_if() -> str:
    if service:  # expect: RW303
        return "up"
    if flag:
        return "flag"
    return "down"


@app.get("/not")
async def with_not() -> bool:
    return not service  # expect: RW303


@app.get("/and")
async def with_and(wanted: bool) -> str:
    return "yes" if wanted and service else "no"  # expect: RW303


@app.get("/none")
async def is_none() -> bool:
    return service is None
