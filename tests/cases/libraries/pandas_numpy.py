# pandas reading a file on the loop, and in a thread.
import asyncio

import pandas as pd
from fastapi import FastAPI

app = FastAPI()


def load(name: str) -> int:
    frame = pd.read_csv(f"data/{name}.csv")
    return len(frame)


@app.get("/rows/{name}")
async def rows(name: str) -> int:
    return load(name)  # expect: RW306


@app.get("/thread/{name}")
async def rows_in_thread(name: str) -> int:
    return await asyncio.to_thread(load, name)
