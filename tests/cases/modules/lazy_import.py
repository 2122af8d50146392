# A module imported inside the function that uses it.
# file: main.py
from fastapi import FastAPI

app = FastAPI()


@app.get("/invoice/{number}")
async def invoice(number: int) -> str:
    from billing import render_invoice, title

    heading = title(number)
    return heading + render_invoice(number)  # expect: RW304


@app.get("/check")
async def check() -> bool:
    import requests

    return requests.get("https://example.com", timeout=1).ok  # expect: RW301
# file: billing.py
def title(number: int) -> str:
    return f"Invoice {number}"


def render_invoice(number: int) -> str:
    from pathlib import Path

    return Path(f"invoices/{number}.html").read_text(encoding="utf-8")
