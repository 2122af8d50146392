# The size is kept in a name before it is compared
from fastapi import FastAPI, HTTPException, UploadFile

MOST = 1_000_000
app = FastAPI()


@app.post("/files")
async def upload(file: UploadFile) -> int:
    file_size = file.size or 0
    if file_size > MOST:
        raise HTTPException(413)
    return len(await file.read())
