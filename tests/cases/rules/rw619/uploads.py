# Uploads read in services, limits in dependencies, in the size of the file, in chunks
# file: app/__init__.py
# file: app/files.py
from fastapi import HTTPException, UploadFile

MAX = 5 * 1024 * 1024


async def checksum(file: UploadFile) -> int:
    content = await file.read()  # expect: RW619
    return len(content)


async def store(file: UploadFile) -> bytes:
    parts = []
    size = 0
    while chunk := await file.read(65536):
        size += len(chunk)
        if size > MAX:
            raise HTTPException(413)
        parts.append(chunk)
    return b"".join(parts)


async def checked(file: UploadFile) -> UploadFile:
    if file.size is None or file.size > MAX:
        raise HTTPException(413)
    return file


class Images:
    async def save(self, image: UploadFile) -> int:
        data = await image.read()  # expect: RW619
        if len(data) > MAX:
            raise HTTPException(413)
        return len(data)

    async def save_small(self, image: UploadFile) -> int:
        data = await image.read(MAX + 1)
        if len(data) > MAX:
            raise HTTPException(413)
        return len(data)
# file: app/main.py
from typing import Annotated

from fastapi import Depends, FastAPI, File, Request, UploadFile

from app.files import Images, checked, checksum, store

app = FastAPI()


@app.post("/a")
async def a(file: UploadFile) -> int:
    return await checksum(file)


@app.post("/b")
async def b(file: Annotated[UploadFile, File()]) -> int:
    return len(await store(file))


@app.post("/c")
async def c(file: Annotated[UploadFile, Depends(checked)]) -> int:
    return len(await file.read())


@app.post("/d")
async def d(files: list[UploadFile], images: Annotated[Images, Depends()]) -> int:
    return sum([await images.save(file) for file in files])


@app.post("/e")
async def e(image: UploadFile, images: Annotated[Images, Depends()]) -> int:
    return await images.save_small(image)


@app.post("/f")
async def f(request: Request) -> int:
    return len(await request.body())  # expect: RW619


@app.post("/g")
async def g(request: Request) -> int:
    size = 0
    async for chunk in request.stream():
        size += len(chunk)
    return size


@app.post("/h")
def h(file: UploadFile) -> int:
    return len(file.file.read())  # expect: RW619
