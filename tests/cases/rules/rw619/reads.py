# Whole uploads and bodies, in handlers, services and lists; with caps and without
# file: app/__init__.py
# file: app/files.py
from fastapi import HTTPException, UploadFile

LARGEST = 10_000_000


async def content_of(upload: UploadFile) -> bytes:
    data = await upload.read()  # expect: RW619
    await upload.close()
    return data


async def capped(upload: UploadFile) -> bytes:
    data = bytearray()
    while chunk := await upload.read(64_000):
        data += chunk
        if len(data) > LARGEST:
            raise HTTPException(413)
    return bytes(data)


async def checked(upload: UploadFile) -> bytes:
    if upload.size is None or upload.size > LARGEST:
        raise HTTPException(413)
    return await upload.read()
# file: app/main.py
from typing import Annotated

from fastapi import APIRouter, Depends, FastAPI, File, HTTPException, Request, UploadFile

from app import files

router = APIRouter()


async def small(request: Request) -> None:
    length = request.headers.get("content-length")
    if length is None or int(length) > files.LARGEST:
        raise HTTPException(413)


@router.post("/avatar")
async def avatar(file: Annotated[UploadFile, File(description="picture")]) -> int:
    return len(await files.content_of(file))


@router.post("/capped")
async def capped(file: UploadFile) -> int:
    return len(await files.capped(file)) + len(await files.checked(file))


@router.post("/many")
async def many(uploads: list[UploadFile] = File(...)) -> int:
    total = 0
    for upload in uploads:
        total += len(await upload.read())  # expect: RW619
    return total


@router.post("/optional")
async def optional(file: UploadFile | None = None) -> int:
    if file is None:
        return 0
    content = await file.read()  # expect: RW619
    return len(content)


@router.post("/sync")
def sync(file: UploadFile) -> int:
    return len(file.file.read())  # expect: RW619


@router.post("/body")
async def body(request: Request) -> int:
    return len(await request.body())  # expect: RW619


@router.post("/limited", dependencies=[Depends(small)])
async def limited(request: Request) -> int:
    return len(await request.body())


@router.post("/streamed")
async def streamed(request: Request) -> int:
    total = 0
    async for chunk in request.stream():
        total += len(chunk)
        if total > files.LARGEST:
            raise HTTPException(413)
    return total


app = FastAPI()
app.include_router(router)
