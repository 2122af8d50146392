# Routers that are imported by names made at run time belong to the application
# file: app/__init__.py
# file: app/api/__init__.py
from importlib import import_module

from fastapi import APIRouter

api = APIRouter(prefix="/api/v1")
for name in ("pens", "inks"):
    api.include_router(import_module(f"app.api.{name}").router)
# file: app/api/pens.py
import os

from fastapi import APIRouter

from app import mail

router = APIRouter(prefix="/pens")


@router.get("")
async def read_pens() -> str:
    return os.environ["PENS"] + mail.SENDER  # expect: RW205
# file: app/api/inks.py
from fastapi import APIRouter

router = APIRouter(prefix="/inks")


@router.get("")
async def read_inks() -> str:
    return ""
# file: app/api/unused.py
import os

SHOPS = os.environ["SHOPS"]
# file: app/mail.py
import os

SENDER = os.getenv("MAIL_FROM", "")  # expect: RW205
# file: app/main.py
from fastapi import FastAPI

from app.api import api

app = FastAPI()
app.include_router(api)
