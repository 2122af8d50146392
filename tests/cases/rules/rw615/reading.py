# An application that writes nothing is silent; the finding stands on line 1.
# file: app/reads.py
from fastapi import FastAPI

app = FastAPI()


@app.get("/a")
async def a() -> None: ...
# file: app/writes.py
"""Writes."""  # expect: RW615

from fastapi import FastAPI

app = FastAPI()


@app.put("/a")
async def a() -> None: ...
