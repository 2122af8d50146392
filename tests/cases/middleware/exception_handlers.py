# async exception handlers run on the loop, def ones in the threadpool.
import time

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse


class OutOfStock(Exception):
    pass


class NotPaid(Exception):
    pass


class Gone(Exception):
    pass


async def on_gone(request: Request, error: Exception) -> JSONResponse:
    time.sleep(0.1)  # expect: RW303
    return JSONResponse({"gone": True}, 410)


app = FastAPI(exception_handlers={Gone: on_gone})


@app.exception_handler(OutOfStock)
async def out_of_stock(request: Request, error: OutOfStock) -> JSONResponse:
    time.sleep(0.1)  # expect: RW303
    return JSONResponse({"error": "out of stock"}, 409)


@app.exception_handler(NotPaid)
def not_paid(request: Request, error: NotPaid) -> JSONResponse:
    time.sleep(0.1)
    return JSONResponse({"error": "not paid"}, 402)


@app.get("/stock")
async def stock() -> str:
    raise OutOfStock


@app.get("/pay")
async def pay() -> str:
    raise NotPaid


@app.get("/gone")
async def gone() -> str:
    raise Gone
