# Names of uploads and archives, cleaned and not
# file: app/__init__.py
# file: app/names.py
import os
import re
from pathlib import Path
from uuid import uuid4

ROOT = Path("/srv/uploads")


def clean(name: str) -> str:
    return re.sub(r"[^A-Za-z0-9_.-]", "_", Path(name).name)


def unique(name: str) -> Path:
    return ROOT / f"{uuid4().hex}{Path(name).suffix}"


def joined(name: str) -> str:
    return os.path.join(str(ROOT), name)
# file: app/main.py
import zipfile
from pathlib import Path

import anyio
from fastapi import FastAPI, HTTPException, UploadFile
from fastapi.responses import FileResponse, StreamingResponse
from werkzeug.utils import secure_filename

from app.names import ROOT, clean, joined, unique

app = FastAPI()


@app.post("/a")
async def a(file: UploadFile) -> None:
    await anyio.Path(ROOT / clean(file.filename)).write_bytes(await file.read(100))


@app.post("/b")
async def b(file: UploadFile) -> None:
    await anyio.Path(unique(file.filename)).write_bytes(await file.read(100))


@app.post("/c")
async def c(file: UploadFile) -> None:
    await anyio.Path(joined(file.filename)).write_bytes(await file.read(100))  # expect: RW621


@app.post("/d")
async def d(file: UploadFile) -> None:
    await anyio.Path(ROOT / secure_filename(file.filename)).write_bytes(await file.read(100))


@app.get("/e/{folder}/{name}")
def e(folder: str, name: str) -> StreamingResponse:
    path = ROOT.joinpath(folder, name)
    return StreamingResponse(path.open("rb"))  # expect: RW621


@app.get("/f/{name}")
def f(name: str) -> FileResponse:
    if ".." in name or "/" in name:
        raise HTTPException(404)
    return FileResponse(ROOT / name)


@app.get("/g/{name}")
def g(name: str) -> FileResponse:
    known = {path.name: path for path in ROOT.iterdir()}
    if name not in known:
        raise HTTPException(404)
    return FileResponse(known[name])


@app.get("/h/{name:path}")
def h(name: str) -> FileResponse:
    path = (ROOT / name).resolve()
    if ROOT not in path.parents:
        raise HTTPException(404)
    return FileResponse(path)
