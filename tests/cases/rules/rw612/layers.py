# Texts of broad and database errors in answers, from handlers, helpers and exception handlers
# file: app/__init__.py
# file: app/errors.py
import logging
import traceback

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, PlainTextResponse
from sqlalchemy.exc import SQLAlchemyError

log = logging.getLogger(__name__)


class ShopError(Exception):
    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


async def on_any(request: Request, exc: Exception) -> JSONResponse:
    return JSONResponse(status_code=500, content={"detail": str(exc)})  # expect: RW612


async def on_database(request: Request, exc: SQLAlchemyError) -> JSONResponse:
    log.error("database: %s", exc)
    return JSONResponse({"error": f"{exc}"}, status_code=500)  # expect: RW612


async def on_shop(request: Request, exc: ShopError) -> JSONResponse:
    return JSONResponse({"detail": str(exc)}, status_code=400)


async def on_validation(request: Request, exc: RequestValidationError) -> JSONResponse:
    return JSONResponse({"detail": exc.errors()}, status_code=422)


async def on_key(request: Request, exc: KeyError) -> PlainTextResponse:
    return PlainTextResponse(traceback.format_exc(), status_code=500)  # expect: RW612


def register(app: FastAPI) -> None:
    app.add_exception_handler(Exception, on_any)
    app.add_exception_handler(SQLAlchemyError, on_database)
    app.add_exception_handler(ShopError, on_shop)
    app.add_exception_handler(RequestValidationError, on_validation)
    app.exception_handler(KeyError)(on_key)
# file: app/main.py
import logging

from fastapi import APIRouter, FastAPI, HTTPException, Response, status
from fastapi.responses import ORJSONResponse
from sqlalchemy.exc import IntegrityError

from app import errors
from app.errors import ShopError

log = logging.getLogger(__name__)
router = APIRouter()


def work(name: str) -> str:
    raise ShopError(name)


@router.get("/a")
async def a() -> str:
    try:
        return work("a")
    except Exception as e:
        raise HTTPException(status_code=500, detail=str(e))  # expect: RW612


@router.get("/b")
async def b() -> str:
    try:
        return work("b")
    except Exception as e:
        log.exception("b failed")
        raise HTTPException(  # expect: RW612
            status_code=status.HTTP_500_INTERNAL_SERVER_ERROR,
            detail={"message": "failed", "reason": repr(e)},
        ) from e


@router.get("/c")
async def c() -> str:
    try:
        return work("c")
    except IntegrityError as e:
        raise HTTPException(409, f"Conflict: {e.orig}")  # expect: RW612


@router.get("/d")
async def d() -> str:
    try:
        return work("d")
    except (ValueError, ShopError) as e:
        raise HTTPException(400, str(e)) from e


@router.get("/e")
async def e() -> str:
    try:
        return work("e")
    except Exception as error:
        log.error("e: %s", error)
        raise HTTPException(500, "Something went wrong") from error


@router.get("/f")
async def f() -> Response:
    try:
        work("f")
    except BaseException as error:
        message = "failed: " + str(error)
        return ORJSONResponse({"error": message}, status_code=500)  # expect: RW612
    return Response()


@router.get("/g")
async def g() -> dict[str, str]:
    try:
        return {"value": work("g")}
    except Exception as error:
        return {"error": "%s" % error}  # expect: RW612


@router.get("/h")
async def h() -> str:
    try:
        return work("h")
    except HTTPException as error:
        raise HTTPException(error.status_code, error.detail) from error
    except Exception as error:
        raise HTTPException(500, type(error).__name__) from error


app = FastAPI()
errors.register(app)
app.include_router(router)
