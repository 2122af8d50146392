# Reading and writing files, directory work, and questions about metadata.
import os
import shutil
from pathlib import Path

from fastapi import FastAPI

app = FastAPI()
ROOT = Path("data")


@app.put("/files/{name}")
async def write(name: str, text: str) -> int:
    ROOT.mkdir(exist_ok=True)  # expect: RW304 advice
    return (ROOT / name).write_text(text, encoding="utf-8")  # expect: RW304


@app.post("/copies/{name}")
async def copy(name: str) -> None:
    shutil.copy(ROOT / name, ROOT / f"{name}.copy")  # expect: RW304


@app.delete("/files/{name}")
async def delete(name: str) -> None:
    if os.path.exists(ROOT / name):  # expect: RW304 advice
        os.remove(ROOT / name)  # expect: RW304


@app.get("/paths/{name}")
async def path_of(name: str) -> str:
    return os.path.join(ROOT, os.path.basename(name))


@app.get("/sizes/{name}")
async def size(name: str) -> int:
    return os.path.getsize(ROOT / name)  # expect: RW304 advice
