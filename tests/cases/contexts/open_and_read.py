# Opening a file is the finding; what is then done with the handle is the same matter.
import json

from fastapi import FastAPI

app = FastAPI()


@app.get("/terms")
async def terms() -> str:
    with open("terms.txt", encoding="utf-8") as file:  # expect: RW304
        heading = file.readline()
        return heading + file.read()


@app.get("/limits")
async def limits() -> dict[str, int]:
    with open("limits.json", encoding="utf-8") as file:  # expect: RW304
        return json.load(file)
