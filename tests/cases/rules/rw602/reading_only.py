# An application that writes nothing needs no scheme for it; the finding stands on line 1.
# file: app/reading.py
from fastapi import FastAPI

app = FastAPI()


@app.get("/items")
async def read_items() -> None: ...


@app.post("/login")
async def login() -> None: ...
# file: app/writing.py
import app.reading  # expect: RW602
from fastapi import FastAPI

app = FastAPI()


@app.delete("/items")
async def delete_items() -> None: ...
