# Routers collected in a list and included in a loop.
# file: main.py
from fastapi import FastAPI

from features import ROUTERS

app = FastAPI()
for prefix, router in ROUTERS.items():
    app.include_router(router, prefix=f"/{prefix}")
# file: features/__init__.py
from features import mail, orders

ROUTERS = {"mail": mail.router, "orders": orders.router}
# file: features/mail.py
import smtplib

from fastapi import APIRouter

router = APIRouter()


@router.post("/send")
async def send(to: str) -> None:
    server = smtplib.SMTP("mail.example.com")  # expect: RW308
    server.quit()  # allow: RW308
# file: features/orders.py
import time

from fastapi import APIRouter

router = APIRouter()


@router.get("/")
async def orders() -> list[str]:
    time.sleep(0.1)  # expect: RW303
    return []
