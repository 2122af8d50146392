# A function defined inside the handler and called there runs on the loop.
import time

from fastapi import FastAPI

app = FastAPI()


@app.get("/nested")
async def nested() -> int:
    def compute(n: int) -> int:
        time.sleep(0.1)
        return n * 2

    def unused() -> None:
        time.sleep(10)

    return compute(4)  # expect: RW303
