# Texts of errors in answers of helpers, envelopes, streams, and of own errors
# file: app/__init__.py
# file: app/answers.py
from typing import Any

from fastapi.responses import JSONResponse, ORJSONResponse


class DomainError(Exception):
    def __init__(self, message: str) -> None:
        self.message = message
        super().__init__(message)


def failure(message: str, status: int = 500) -> JSONResponse:
    return JSONResponse({"ok": False, "message": message}, status_code=status)  # expect: RW612


def fixed(message: str) -> JSONResponse:
    return JSONResponse({"message": message}, status_code=409)
# file: app/main.py
import traceback

from fastapi import FastAPI, HTTPException, Request
from fastapi.responses import JSONResponse, PlainTextResponse
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from app.answers import DomainError, failure, fixed
from work import run

app = FastAPI()


@app.exception_handler(SQLAlchemyError)
async def database(request: Request, error: SQLAlchemyError) -> JSONResponse:
    return JSONResponse({"detail": f"{error}"}, status_code=500)  # expect: RW612


@app.exception_handler(DomainError)
async def domain(request: Request, error: DomainError) -> JSONResponse:
    return JSONResponse({"detail": error.message}, status_code=409)


@app.get("/a")
async def a():
    try:
        return await run()
    except Exception as error:
        return failure(str(error))


@app.get("/b")
async def b():
    try:
        return await run()
    except DomainError as error:
        return fixed(str(error))


@app.get("/c")
async def c():
    try:
        return await run()
    except IntegrityError as error:
        raise HTTPException(409, detail={"message": str(error.orig)})  # expect: RW612


@app.get("/d")
async def d():
    try:
        return await run()
    except Exception:
        trace = traceback.format_exc()
        return PlainTextResponse(trace, status_code=500)  # expect: RW612


@app.get("/e")
async def e():
    try:
        return await run()
    except ValueError as error:
        raise HTTPException(422, str(error)) from error
    except Exception as error:
        raise HTTPException(500, "failed") from error
# file: work.py
async def run() -> int:
    return 1
