# Objects in tuples, lists and dictionaries, unpacked and picked by constant keys.
import time

from fastapi import FastAPI

app = FastAPI()


class Fast:
    def run(self) -> str:
        return "fast"


class Slow:
    def run(self) -> str:
        time.sleep(0.1)
        return "slow"


def both() -> tuple[Fast, Slow]:
    return Fast(), Slow()


TABLE = {"fast": Fast(), "slow": Slow()}


@app.get("/unpacked")
async def unpacked() -> list[str]:
    fast, slow = both()
    return [
        fast.run(),
        slow.run(),  # expect: RW303
    ]


@app.get("/indexed")
async def indexed() -> str:
    return both()[0].run()


@app.get("/table")
async def table() -> list[str]:
    quick = TABLE["fast"].run()
    late = TABLE["slow"].run()  # expect: RW303
    return [quick, late]


@app.get("/each")
async def each() -> list[str]:
    return [job.run() for job in TABLE.values()]  # expect: RW303
