# A table read at import time and only looked up later.
import csv

from fastapi import FastAPI

app = FastAPI()


def read_codes() -> dict[str, str]:
    with open("codes.csv", encoding="utf-8", newline="") as file:
        return {row["code"]: row["name"] for row in csv.DictReader(file)}


CODES = read_codes()


@app.get("/codes/{code}")
async def code(code: str) -> str:
    return CODES.get(code, "unknown")


@app.post("/codes/reload")
async def reload() -> int:
    return len(read_codes())  # expect: RW304
