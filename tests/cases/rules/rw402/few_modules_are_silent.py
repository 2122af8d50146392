# Ten modules or fewer need no layout
# file: shop/__init__.py
# file: shop/pens.py
from fastapi import APIRouter
from pydantic import BaseModel

router = APIRouter()


class Pen(BaseModel):
    colour: str


@router.get("/pens")
async def read_pens() -> list[Pen]:
    return []
# file: shop/values.py
from pydantic_settings import BaseSettings


class Values(BaseSettings):
    name: str = "pens"
# file: shop/start.py
from fastapi import FastAPI

from shop import pens, values

app = FastAPI(title=values.Values().name)
app.include_router(pens.router)
