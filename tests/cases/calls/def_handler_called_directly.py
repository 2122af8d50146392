# A def handler that an async handler calls like a function runs on the loop.
import time

from fastapi import FastAPI

app = FastAPI()


@app.get("/summary")
def summary() -> dict[str, int]:
    time.sleep(0.2)
    return {"total": 3}


@app.get("/dashboard")
async def dashboard() -> dict[str, object]:
    return {"summary": summary()}  # expect: RW303
