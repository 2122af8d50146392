# The service is started in its own folder, or puts it on the path: names begin there.
# file: service/__init__.py
# file: service/server/__init__.py
# file: service/server/main.py
import sys
from pathlib import Path

from fastapi import FastAPI

sys.path.insert(0, str(Path(__file__).parent.parent))

from helpers.berths import count, survey  # noqa: E402
from server.clocks import pause  # noqa: E402

import neighbour  # noqa: E402

app = FastAPI()


@app.get("/berths")
async def berths() -> int:
    pause()  # expect: RW303
    neighbour.rest()  # expect: RW303
    await survey()
    return count()


# file: service/server/neighbour.py
from time import sleep


def rest() -> None:
    sleep(0.1)


# file: service/server/clocks.py
import time


def pause() -> None:
    time.sleep(0.1)


# file: service/helpers/berths.py
import time


def count() -> int:
    return 3


async def survey() -> None:
    time.sleep(0.1)  # expect: RW303


# file: elsewhere/clocks.py
def rest() -> None:
    """A folder that is not above the importing file is not on its path."""
