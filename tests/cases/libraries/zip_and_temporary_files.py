# zipfile and tempfile on disk.
import tempfile
import zipfile

from fastapi import FastAPI

app = FastAPI()


def pack(names: list[str]) -> str:
    with zipfile.ZipFile("out.zip", "w") as archive:
        for name in names:
            archive.write(name)
    return "out.zip"


@app.post("/pack")
async def make_archive() -> str:
    return pack(["a.txt"])  # expect: RW304


@app.post("/temporary")
async def temporary() -> str:
    with tempfile.NamedTemporaryFile(suffix=".txt") as file:  # expect: RW304
        file.write(b"x")
        return file.name
