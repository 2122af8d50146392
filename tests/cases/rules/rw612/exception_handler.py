# The application's handler for everything must not tell either; one for its own errors may.
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse

app = FastAPI()


class OutOfStock(Exception): ...


@app.exception_handler(Exception)
async def everything(request: Request, error: Exception) -> JSONResponse:
    return JSONResponse({"detail": str(error)}, status_code=500)  # expect: RW612


@app.exception_handler(OutOfStock)
async def stock(request: Request, error: OutOfStock) -> JSONResponse:
    return JSONResponse({"detail": str(error)}, status_code=409)


@app.post("/a")
async def a() -> None: ...
