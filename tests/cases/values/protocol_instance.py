# `isinstance` of a runtime-checkable Protocol is told by what the object has
import time
from typing import Protocol, runtime_checkable

from fastapi import FastAPI


@runtime_checkable
class Host(Protocol):
    def run(self) -> int: ...


class Real:
    def run(self) -> int:
        time.sleep(1)
        return 1


class Other:
    def walk(self) -> int:
        return 2


host: Host = Real()
assert isinstance(host, Host)
app = FastAPI()


@app.get("/run")
async def run() -> int:
    if isinstance(host, Host):
        return host.run()  # expect: RW303
    return 0


@app.get("/walk")
async def walk() -> int:
    other = Other()
    if isinstance(other, Real):
        time.sleep(1)
    return other.walk()
