# Paths that clients lead elsewhere, in handlers, storage classes and helpers
# file: app/__init__.py
# file: app/storage.py
import os
import shutil
from pathlib import Path
from typing import BinaryIO

import aiofiles

ROOT = Path("/srv/files")


class Storage:
    def __init__(self, root: Path = ROOT) -> None:
        self.root = root

    async def save(self, name: str, content: bytes) -> None:
        async with aiofiles.open(self.root / name, "wb") as f:  # expect: RW621
            await f.write(content)

    def read(self, name: str) -> str:
        path = self.root / name
        return path.read_text()  # expect: RW621

    def remove(self, name: str) -> None:
        os.remove(os.path.join(self.root, name))  # expect: RW621

    def read_inside(self, name: str) -> str:
        path = (self.root / name).resolve()
        if not path.is_relative_to(self.root):
            raise ValueError("outside")
        return path.read_text()

    def read_base(self, name: str) -> str:
        return (self.root / os.path.basename(name)).read_text()


def store(name: str | None, source: BinaryIO) -> None:
    target = f"/srv/uploads/{name}"
    with open(target, "wb") as f:  # expect: RW621
        shutil.copyfileobj(source, f)


def safe_path(name: str) -> Path:
    path = (ROOT / name).resolve()
    path.relative_to(ROOT)
    return path
# file: app/main.py
import uuid
from enum import Enum
from pathlib import Path
from typing import Annotated

import anyio
from fastapi import APIRouter, Depends, FastAPI, File, HTTPException, Query, UploadFile
from fastapi.responses import FileResponse
from pydantic import BaseModel

from app.storage import ROOT, Storage, safe_path, store

REPORTS = {"year": "/srv/reports/year.pdf"}


class Kind(str, Enum):
    pdf = "pdf"
    csv = "csv"


class Export(BaseModel):
    filename: str
    content: str


router = APIRouter(prefix="/files")


def get_storage() -> Storage:
    return Storage()


StorageDep = Annotated[Storage, Depends(get_storage)]


@router.post("/save/{name}")
async def save(name: str, content: str, storage: StorageDep) -> None:
    await storage.save(name, content.encode())


@router.get("/read")
def read(storage: StorageDep, name: str = Query(...)) -> str:
    return storage.read(name) + storage.read_base(name) + storage.read_inside(name)


@router.delete("/{name}")
def remove(name: str, storage: Storage = Depends(get_storage)) -> None:
    storage.remove(name)


@router.post("/upload")
def upload(file: UploadFile = File(...)) -> None:
    store(file.filename, file.file)


@router.post("/uploads")
async def uploads(files: list[UploadFile]) -> int:
    for file in files:
        path = ROOT / str(file.filename)
        path.write_bytes(await file.read())  # expect: RW621
    return len(files)


@router.post("/export")
async def export(data: Export) -> None:
    target = anyio.Path("/srv/exports") / data.filename
    await target.write_text(data.content)  # expect: RW621


@router.get("/download/{path:path}", response_class=FileResponse)
async def download(path: str) -> FileResponse:
    full = ROOT.joinpath(path)
    if not full.exists():
        raise HTTPException(404)
    return FileResponse(path=str(full), filename="file")  # expect: RW621


@router.get("/plain/{name}", response_class=FileResponse)
async def plain(name: str) -> str:
    return f"/srv/files/{name}"


@router.get("/checked/{path:path}")
async def checked(path: str) -> FileResponse:
    return FileResponse(safe_path(path))


@router.get("/by-id/{key}")
async def by_id(key: uuid.UUID, kind: Kind) -> FileResponse:
    return FileResponse(ROOT / f"{key}.{kind.value}")


@router.get("/report/{name}")
async def report(name: str) -> FileResponse:
    if name not in REPORTS:
        raise HTTPException(404)
    return FileResponse(REPORTS[name])


@router.get("/named/{name}")
async def named(name: str) -> FileResponse:
    return FileResponse(ROOT / Path(name).name)


@router.post("/generated")
async def generated(file: UploadFile) -> str:
    target = ROOT / f"{uuid.uuid4()}.bin"
    target.write_bytes(await file.read())
    return target.name


app = FastAPI()
app.include_router(router)
