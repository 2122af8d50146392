# More ways in which a client leads a path elsewhere: archives, threads, models, temp folders
# file: app/__init__.py
# file: app/files.py
import os
import shutil
import tempfile
import zipfile
from pathlib import Path

import aiofiles
import aiofiles.os

MEDIA = Path("media")


class LocalStorage:
    root = MEDIA

    def path(self, *parts: str) -> Path:
        return self.root.joinpath(*parts)

    async def load(self, folder: str, name: str) -> bytes:
        async with aiofiles.open(self.path(folder, name), "rb") as f:  # expect: RW621
            return await f.read()

    def copy(self, source: str, target: str) -> None:
        shutil.copy(os.path.join("media", source), os.path.join("media", target))  # expect: RW621

    def listed(self, folder: str) -> list[str]:
        return os.listdir(f"media/{folder}")  # expect: RW621


def read_config(name: str) -> str:
    with open("configs/" + name + ".yaml", encoding="utf-8") as f:  # expect: RW621
        return f.read()


def names_in(name: str) -> list[str]:
    with zipfile.ZipFile(MEDIA / name) as archive:  # expect: RW621
        return archive.namelist()


def temporary(content: bytes) -> str:
    with tempfile.NamedTemporaryFile(delete=False) as f:
        f.write(content)
    return f.name


def remove_temporary(path: str) -> None:
    os.unlink(path)
# file: app/main.py
import asyncio
from typing import Annotated

from fastapi import Depends, FastAPI, HTTPException, Request, UploadFile
from fastapi.responses import FileResponse
from pydantic import BaseModel, Field
from starlette.responses import FileResponse as StarletteFile

from app import files
from app.files import MEDIA, LocalStorage

app = FastAPI()


class Move(BaseModel):
    source: str
    target: str


class Named(BaseModel):
    name: str = Field(pattern=r"^[a-z0-9_]+$")


def get_storage() -> LocalStorage:
    return LocalStorage()


Storage = Annotated[LocalStorage, Depends(get_storage)]


@app.get("/load/{folder}/{name}")
async def load(folder: str, name: str, storage: Storage) -> bytes:
    return await storage.load(folder, name)


@app.post("/move")
def move(data: Move, storage: Storage) -> None:
    storage.copy(data.source, data.target)


@app.get("/list")
def listed(storage: Storage, folder: str = "") -> list[str]:
    return storage.listed(folder)


@app.get("/config/{name}")
async def config(name: str) -> str:
    return await asyncio.to_thread(files.read_config, name)


@app.get("/archive")
def archive(request: Request) -> list[str]:
    return files.names_in(request.query_params["name"])


@app.get("/avatar/{user}")
async def avatar(user: str) -> StarletteFile:
    path = MEDIA / "avatars" / f"{user}.png"
    if not path.is_file():
        raise HTTPException(404)
    return StarletteFile(path)  # expect: RW621


@app.get("/number/{number}")
async def number(number: int) -> FileResponse:
    return FileResponse(f"media/{number}.png")


@app.post("/named")
async def named(data: Named) -> FileResponse:
    return FileResponse(MEDIA / data.name)


@app.post("/temporary")
async def temporary(file: UploadFile) -> None:
    path = files.temporary(await file.read(1000))
    files.remove_temporary(path)


@app.get("/inside/{name:path}")
async def inside(name: str) -> FileResponse:
    path = (MEDIA / name).resolve()
    if MEDIA.resolve() not in path.parents:
        raise HTTPException(404)
    return FileResponse(path)


@app.get("/dots/{name}")
async def dots(name: str) -> FileResponse:
    if ".." in name or "/" in name:
        raise HTTPException(404)
    return FileResponse(MEDIA / name)
