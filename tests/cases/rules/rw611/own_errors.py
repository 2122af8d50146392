# To catch the project's own errors, around a call or for the application, catches no others
# file: app/__init__.py
# file: app/errors.py
import httpx
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse


class ShopError(Exception):
    pass


class SupplierDown(ShopError):
    pass


async def answer(request: Request, error: Exception) -> JSONResponse:
    return JSONResponse({"detail": str(error)}, status_code=409)


def add_handlers(app: FastAPI) -> None:
    app.add_exception_handler(ShopError, answer)
# file: app/supplier.py
import httpx

from app.errors import SupplierDown

client = httpx.AsyncClient(base_url="https://supplier.example", timeout=5)


async def stock(item: int) -> int:
    answer = await client.get(f"/stock/{item}")  # expect: RW611
    if answer.status_code == 503:
        raise SupplierDown
    return int(answer.text)


async def price(item: int) -> int:
    try:
        answer = await client.get(f"/price/{item}")
    except httpx.HTTPError as error:
        raise SupplierDown from error
    return int(answer.text)


async def ordered(item: int) -> int:
    answer = await client.get(f"/orders/{item}")
    return int(answer.text)
# file: app/main.py
from fastapi import FastAPI, HTTPException

from app.errors import ShopError, add_handlers
from app.supplier import ordered, price, stock

app = FastAPI()
add_handlers(app)


@app.get("/stock/{item}")
async def read_stock(item: int) -> int:
    try:
        return await stock(item)
    except ShopError as error:
        raise HTTPException(502, "The supplier is down") from error


@app.get("/price/{item}")
async def read_price(item: int) -> int:
    return await price(item)


@app.get("/orders/{item}")
async def read_orders(item: int) -> int:
    try:
        return await ordered(item)
    except (ShopError, Exception) as error:
        raise HTTPException(502, "The supplier is down") from error
