# The usual layout: a folder a layer
# file: shop/__init__.py
# file: shop/ink.py
VALUE = 0
# file: shop/nib.py
VALUE = 1
# file: shop/cap.py
VALUE = 2
# file: shop/clip.py
VALUE = 3
# file: shop/box.py
VALUE = 4
# file: shop/ribbon.py
VALUE = 5
# file: shop/label.py
VALUE = 6
# file: shop/string.py
VALUE = 7
# file: shop/paper.py
VALUE = 8
# file: shop/api/__init__.py
# file: shop/api/pens.py
from fastapi import APIRouter

from shop import ink, nib, cap, clip, box, ribbon, label, string, paper
from shop.schemas.pens import Pen

router = APIRouter()
ALL = [ink, nib, cap, clip, box, ribbon, label, string, paper]


@router.get("/pens")
async def read_pens() -> list[Pen]:
    return []
# file: shop/schemas/__init__.py
# file: shop/schemas/pens.py
from pydantic import BaseModel


class Pen(BaseModel):
    colour: str
# file: shop/core/__init__.py
# file: shop/core/config.py
from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    name: str = "pens"
# file: shop/main.py
from fastapi import FastAPI

from shop.api import pens
from shop.core import config

app = FastAPI(title=config.Settings().name)
app.include_router(pens.router)
