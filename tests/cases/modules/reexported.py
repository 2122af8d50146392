# A function re-exported by __init__ modules, under another name on the way.
# file: shop/__init__.py
from .pricing import current_price as price

__all__ = ["price"]
# file: shop/pricing/__init__.py
from ._feed import fetch_price as current_price

__all__ = ["current_price"]
# file: shop/pricing/_feed.py
import httpx


def fetch_price(sku: str) -> float:
    return float(httpx.get(f"https://prices.example.com/{sku}").text)
# file: main.py
import shop
from fastapi import FastAPI
from shop import price as quote

app = FastAPI()


@app.get("/a/{sku}")
async def with_module(sku: str) -> float:
    return shop.price(sku)  # expect: RW301


@app.get("/b/{sku}")
async def with_name(sku: str) -> float:
    return quote(sku)  # expect: RW301
