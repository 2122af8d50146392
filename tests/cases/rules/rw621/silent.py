# Resolved and checked, a fixed mapping, base names, numbers, names made by the server.
import os
import uuid
from pathlib import Path

from fastapi import FastAPI, HTTPException, UploadFile
from fastapi.responses import FileResponse

app = FastAPI()
ROOT = Path("uploads").resolve()
FILES = {"terms": "terms.pdf"}


@app.get("/a")
async def a(name: str) -> FileResponse:
    path = (ROOT / name).resolve()
    if not path.is_relative_to(ROOT):
        raise HTTPException(404)
    return FileResponse(path)


@app.get("/b")
async def b(name: str) -> FileResponse:
    return FileResponse(FILES[name])


@app.post("/c")
async def c(file: UploadFile) -> None:
    with open(ROOT / f"{uuid.uuid4()}.bin", "wb") as out:
        out.write(await file.read())


@app.get("/d/{number}")
async def d(number: int) -> FileResponse:
    return FileResponse(f"reports/{number}.pdf")


@app.get("/e")
async def e(name: str) -> FileResponse:
    return FileResponse(ROOT / os.path.basename(name))


@app.get("/f")
async def f(name: str) -> FileResponse:
    if ".." in name or "/" in name:
        raise HTTPException(404)
    return FileResponse(ROOT / name)


@app.get("/g")
async def g(name: str) -> FileResponse:
    path = os.path.realpath(os.path.join("/srv", name))
    if os.path.commonpath([path, "/srv"]) != "/srv":
        raise HTTPException(404)
    return FileResponse(path)
