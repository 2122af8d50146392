# A command that runs its own loop does not hold up the server's.
# file: main.py
from fastapi import FastAPI

from service import lookup

app = FastAPI()


@app.get("/lookup/{name}")
async def read(name: str) -> str:
    return lookup(name)
# file: service.py
NAMES = {"a": "b"}


def lookup(name: str) -> str:
    return NAMES.get(name, "")
# file: cli.py
import asyncio
import time

from service import lookup


async def main() -> None:
    time.sleep(1)
    print(lookup("a"))


if __name__ == "__main__":
    asyncio.run(main())
