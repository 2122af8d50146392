# UploadFile is awaited; shutil.copyfileobj on its file is not.
import shutil
from typing import Annotated

import aiofiles
from fastapi import FastAPI, File, UploadFile
from fastapi.concurrency import run_in_threadpool

app = FastAPI()


def save(upload: UploadFile) -> None:
    with open("upload.bin", "wb") as target:
        shutil.copyfileobj(upload.file, target)


@app.post("/blocking")
async def blocking(file: Annotated[UploadFile, File()]) -> None:
    save(file)  # expect: RW304


@app.post("/thread")
async def thread(file: Annotated[UploadFile, File()]) -> None:
    await run_in_threadpool(save, file)


@app.post("/async")
async def asynchronous(file: Annotated[UploadFile, File()]) -> int:
    data = await file.read()
    async with aiofiles.open("upload.bin", "wb") as target:
        await target.write(data)
    return len(data)
