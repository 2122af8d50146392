# A function that returns a function: making it is silent, calling it is not.
import time
from collections.abc import Callable

from fastapi import FastAPI

app = FastAPI()


def limiter(pause: float) -> Callable[[str], str]:
    def limited(text: str) -> str:
        time.sleep(pause)
        return text

    return limited


def prefixer(prefix: str) -> Callable[[str], str]:
    def prefixed(text: str) -> str:
        return prefix + text

    return prefixed


slow = limiter(0.1)


@app.get("/slow")
async def use_slow() -> str:
    return slow("x")  # expect: RW303


@app.get("/made")
async def made_here() -> str:
    return limiter(0.2)("x")  # expect: RW303


@app.get("/prefix")
async def use_prefix() -> str:
    add = prefixer("a-")
    unused = limiter(9)
    return add(unused.__name__)
