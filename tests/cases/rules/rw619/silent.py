# Chunked reads, a check of the size before, a limit of the application.
# file: app/main.py
from fastapi import FastAPI, HTTPException, Request, UploadFile

app = FastAPI()


@app.post("/a")
async def a(file: UploadFile) -> None:
    if file.size is None or file.size > 1_000_000:
        raise HTTPException(413)
    await file.read()


@app.post("/b")
async def b(file: UploadFile) -> None:
    while await file.read(65536):
        pass


@app.post("/c")
async def c(request: Request) -> None:
    if int(request.headers.get("content-length", 0)) > 1_000_000:
        raise HTTPException(413)
    await request.body()


@app.post("/d")
async def d(request: Request) -> None:
    async for chunk in request.stream():
        print(len(chunk))


@app.post("/e")
async def e(request: Request) -> None:
    body = await request.body()  # expect: RW619
    if len(body) > 1_000_000:
        raise HTTPException(413)
