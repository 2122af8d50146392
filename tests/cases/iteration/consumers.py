# list(), sum(), next(), unpacking and join consume a generator.
import time
from collections.abc import Iterator

from fastapi import FastAPI

app = FastAPI()


def words() -> Iterator[str]:
    time.sleep(0.1)
    yield "a"
    time.sleep(0.1)
    yield "b"


@app.get("/consume")
async def consume() -> dict[str, object]:
    made = words()
    everything = list(words())  # expect: RW303
    first = next(words())  # expect: RW303
    a, b = words()  # expect: RW303
    joined = ",".join(words())  # expect: RW303
    longest = max(words(), key=len)  # expect: RW303
    return {
        "all": everything,
        "first": first,
        "pair": [a, b],
        "joined": joined,
        "longest": longest,
        "kind": type(made).__name__,
    }
