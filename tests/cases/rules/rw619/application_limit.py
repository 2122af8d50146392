# A middleware that refuses large bodies; the read deep below a route.
# file: app/limited.py
from fastapi import FastAPI, Request, UploadFile
from fastapi.responses import JSONResponse

app = FastAPI()


@app.middleware("http")
async def limit(request: Request, call_next):
    if int(request.headers.get("content-length", 0)) > 1_000_000:
        return JSONResponse({"detail": "too large"}, status_code=413)
    return await call_next(request)


@app.post("/a")
async def a(file: UploadFile) -> None:
    await file.read()
# file: app/unlimited.py
from fastapi import FastAPI, UploadFile

app = FastAPI()


async def store(upload: UploadFile) -> bytes:
    return await upload.read()  # expect: RW619


@app.post("/a")
async def a(files: list[UploadFile]) -> None:
    for file in files:
        await store(file)
