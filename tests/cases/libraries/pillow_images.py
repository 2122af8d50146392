# Pillow work in a helper: on the loop, and in a thread.
import asyncio
from io import BytesIO

from fastapi import FastAPI, UploadFile
from PIL import Image

app = FastAPI()


def thumbnail(data: bytes) -> bytes:
    image = Image.open(BytesIO(data))
    image.thumbnail((128, 128))
    out = BytesIO()
    image.convert("RGB").save(out, format="JPEG")
    return out.getvalue()


@app.post("/loop")
async def on_loop(file: UploadFile) -> int:
    data = await file.read()
    return len(thumbnail(data))  # expect: RW306


@app.post("/thread")
async def in_thread(file: UploadFile) -> int:
    data = await file.read()
    return len(await asyncio.to_thread(thumbnail, data))
