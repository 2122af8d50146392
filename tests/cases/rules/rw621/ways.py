# On the call that opens or sends the file, not the one that joins the path.
import os
import shutil
from pathlib import Path

from fastapi import FastAPI, HTTPException, UploadFile
from fastapi.responses import FileResponse

app = FastAPI()
ROOT = Path("uploads")


def target(name: str) -> Path:
    return ROOT / name


@app.get("/a")
async def a(name: str) -> FileResponse:
    path = os.path.join("files", name)
    if not os.path.exists(path):
        raise HTTPException(404)
    return FileResponse(path)  # expect: RW621


@app.post("/b")
async def b(file: UploadFile) -> None:
    path = f"uploads/{file.filename}"
    with open(path, "wb") as out:  # expect: RW621
        shutil.copyfileobj(file.file, out)


@app.get("/c")
async def c(name: str) -> str:
    return target(name).read_text()  # expect: RW621
