# Imports of the router layer from below, those in functions included
# file: app/__init__.py
# file: app/api/__init__.py
# file: app/api/deps.py
from fastapi import Header


async def get_colour(colour: str = Header()) -> str:
    return colour
# file: app/api/routes/__init__.py
# file: app/api/routes/pens.py
from typing import Annotated

from fastapi import APIRouter, Depends

from app.api.deps import get_colour
from app.crud import pens as crud

router = APIRouter()
PAGE = 10


@router.get("/pens")
async def read_pens(colour: Annotated[str, Depends(get_colour)]) -> list[str]:
    return crud.by_colour(colour)
# file: app/api/routes/inks.py
from fastapi import APIRouter

router = APIRouter()
COLOURS = ["blue"]


@router.get("/inks")
async def read_inks() -> list[str]:
    return COLOURS
# file: app/crud/__init__.py
# file: app/crud/pens.py
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.api.routes.inks import COLOURS


def by_colour(colour: str) -> list[str]:
    from app.api.routes.pens import PAGE  # expect: RW405

    return [colour] * PAGE
# file: app/models.py
from app.api.routes import inks  # expect: RW405

DEFAULT = inks.COLOURS[0]
# file: app/schemas.py
import app.api.deps  # expect: RW405

SOURCE = app.api.deps.get_colour
# file: app/services.py
from app.api.routes.inks import COLOURS

COUNT = len(COLOURS)
# file: app/main.py
from fastapi import FastAPI

from app import models, schemas, services
from app.api.routes import inks, pens

app = FastAPI(title=f"{models.DEFAULT}{schemas.SOURCE}{services.COUNT}")
app.include_router(pens.router)
app.include_router(inks.router)
