# Archives in memory cost what packing costs: nothing where nothing is compressed.
import io
import zipfile

from fastapi import FastAPI, UploadFile

app = FastAPI()


@app.get("/stored")
async def stored() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("a.txt", "a")
    return buffer.getvalue()


@app.get("/packed")
async def packed() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:  # expect: RW306
        archive.writestr("a.txt", "a")
    return buffer.getvalue()


@app.post("/unpack")
async def unpack(file: UploadFile) -> list[str]:
    data = await file.read()
    if not zipfile.is_zipfile(io.BytesIO(data)):
        return []
    with zipfile.ZipFile(io.BytesIO(data)) as archive:  # expect: RW306
        archive.extractall("x")
        return archive.namelist()
