# Middleware that tells clients what went wrong; handlers registered from another module
# file: app/__init__.py
# file: app/handlers.py
from fastapi import Request
from fastapi.responses import JSONResponse
from starlette.middleware.base import BaseHTTPMiddleware, RequestResponseEndpoint
from starlette.responses import Response


async def server_error(request: Request, exc: Exception) -> JSONResponse:
    return JSONResponse({"detail": repr(exc)}, 500)  # expect: RW612


async def quiet(request: Request, exc: ValueError) -> JSONResponse:
    return JSONResponse({"detail": str(exc)}, 400)


class Catching(BaseHTTPMiddleware):
    async def dispatch(self, request: Request, call_next: RequestResponseEndpoint) -> Response:
        try:
            return await call_next(request)
        except Exception as exc:
            return JSONResponse(status_code=500, content={"error": str(exc)})  # expect: RW612
# file: app/main.py
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse

from app.handlers import Catching, quiet, server_error

app = FastAPI(exception_handlers={Exception: server_error, ValueError: quiet})
app.add_middleware(Catching)


@app.middleware("http")
async def timed(request: Request, call_next):
    try:
        return await call_next(request)
    except Exception:
        return JSONResponse({"error": "Something went wrong"}, 500)


@app.exception_handler(500)
async def any_error(request: Request, exc: Exception) -> JSONResponse:
    return JSONResponse({"error": f"{type(exc)}: {exc}"}, 500)  # expect: RW612


@app.get("/")
async def root() -> str:
    return "up"
