# Paths from the client in services, in static roots, and checked ones
# file: app/__init__.py
# file: app/storage.py
from pathlib import Path

import aiofiles
from fastapi import HTTPException

ROOT = Path("/srv/files")


class Storage:
    def __init__(self, root: Path = ROOT) -> None:
        self.root = root

    def path(self, name: str) -> Path:
        return self.root / name

    def safe(self, name: str) -> Path:
        path = (self.root / name).resolve()
        if not path.is_relative_to(self.root.resolve()):
            raise HTTPException(404)
        return path

    async def read(self, name: str) -> bytes:
        async with aiofiles.open(self.path(name), "rb") as file:  # expect: RW621
            return await file.read()

    async def read_safe(self, name: str) -> bytes:
        async with aiofiles.open(self.safe(name), "rb") as file:
            return await file.read()
# file: app/main.py
import os
import shutil
from typing import Annotated
from uuid import UUID, uuid4

from fastapi import Depends, FastAPI, HTTPException, UploadFile
from fastapi.responses import FileResponse

from app.storage import ROOT, Storage

app = FastAPI()
Files = Annotated[Storage, Depends()]


@app.get("/files/{name:path}")
async def read(name: str, storage: Files) -> bytes:
    return await storage.read(name)


@app.get("/safe/{name:path}")
async def read_safe(name: str, storage: Files) -> bytes:
    return await storage.read_safe(name)


@app.get("/download")
async def download(file: str) -> FileResponse:
    return FileResponse(os.path.join(ROOT, file))  # expect: RW621


@app.get("/reports/{report}")
async def report(report: UUID) -> FileResponse:
    return FileResponse(ROOT / f"{report}.pdf")


@app.get("/named")
async def named(name: str) -> FileResponse:
    return FileResponse(ROOT / os.path.basename(name))


@app.post("/upload")
def upload(file: UploadFile) -> str:
    with open(ROOT / file.filename, "wb") as target:  # expect: RW621
        shutil.copyfileobj(file.file, target)
    return file.filename


@app.post("/upload-safe")
def upload_safe(file: UploadFile) -> str:
    name = uuid4().hex
    with open(ROOT / name, "wb") as target:
        shutil.copyfileobj(file.file, target)
    return name


@app.delete("/files/{name}")
def remove(name: str) -> None:
    target = ROOT / name
    if not target.exists():
        raise HTTPException(404)
    target.unlink()  # expect: RW621
