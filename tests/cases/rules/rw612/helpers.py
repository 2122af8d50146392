# Helpers that make the answer of an error's text
# file: app/__init__.py
# file: app/answers.py
from fastapi import HTTPException


def fail(error: Exception) -> HTTPException:
    return HTTPException(status_code=500, detail=str(error))  # expect: RW612


def quiet(error: Exception) -> HTTPException:
    return HTTPException(status_code=500, detail="Something went wrong")
# file: app/main.py
from fastapi import FastAPI

from app.answers import fail, quiet

app = FastAPI()


@app.get("/a")
async def a() -> int:
    try:
        return 1 // 0
    except Exception as error:
        raise fail(error) from error


@app.get("/b")
async def b() -> int:
    try:
        return 1 // 0
    except Exception as error:
        raise quiet(error) from error

