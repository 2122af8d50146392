# Files read with aiofiles and anyio.Path are silent.
import aiofiles
import anyio
from fastapi import FastAPI

app = FastAPI()


@app.get("/terms")
async def terms() -> str:
    async with aiofiles.open("terms.txt", encoding="utf-8") as file:
        return await file.read()


@app.get("/rules")
async def rules() -> str:
    path = anyio.Path("rules.txt")
    if not await path.exists():
        return ""
    return await path.read_text()
