# Depends as a default outside of FastAPI's reach: called by hand, with what is handed in.
import time
from typing import Any

from fastapi import Depends, FastAPI

app = FastAPI()


class Quick:
    def run(self) -> str:
        return "quick"


class Slow:
    def run(self) -> str:
        time.sleep(1)
        return "slow"


def get_slow() -> Slow:
    return Slow()


async def execute(job: Any = Depends(get_slow)) -> str:
    return job.run()  # expect: RW303


@app.post("/inject")
async def inject(result: str = Depends(execute)) -> str:
    return result
