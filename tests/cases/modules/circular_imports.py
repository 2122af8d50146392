# Two modules that import each other.
# file: app/__init__.py
# file: app/main.py
from app.orders import router
from fastapi import FastAPI

app = FastAPI()
app.include_router(router)
# file: app/orders.py
from fastapi import APIRouter

from app import stock

router = APIRouter()


def order_label(number: int) -> str:
    return f"order-{number}"


@router.post("/orders/{number}")
async def create(number: int) -> dict[str, str]:
    stock.reserve(number)  # expect: RW301
    return {"label": stock.label(number)}
# file: app/stock.py
import requests

from app import orders


def reserve(number: int) -> None:
    requests.put(f"https://stock.example.com/{orders.order_label(number)}", timeout=5)


def label(number: int) -> str:
    return orders.order_label(number)
