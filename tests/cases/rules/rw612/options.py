# An exception handler among the arguments of the application, or in its mapping
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse


class ShopError(Exception):
    pass


async def broad(request: Request, error: Exception) -> JSONResponse:
    return JSONResponse({"detail": str(error)}, status_code=500)  # expect: RW612


async def other(request: Request, error: Exception) -> JSONResponse:
    return JSONResponse({"detail": repr(error)}, status_code=500)  # expect: RW612


async def own(request: Request, error: ShopError) -> JSONResponse:
    return JSONResponse({"detail": str(error)}, status_code=409)


options = {"title": "shop", "exception_handlers": {Exception: broad, ShopError: own}}
app = FastAPI(**options)
second = FastAPI()
second.exception_handlers[Exception] = other


@app.get("/")
async def root() -> None: ...


@second.get("/")
async def second_root() -> None: ...
