# Import cycles through a router: a helper that imports it, a router that imports the app
# file: app/__init__.py
# file: app/helpers.py
def shout(text: str) -> str:
    from app.pens import MARK  # expect: RW405

    return text + MARK
# file: app/pens.py
from fastapi import APIRouter

from app.helpers import shout

router = APIRouter()
MARK = "!"


@router.get("/pens")
async def read_pens() -> str:
    return shout("pens")
# file: app/inks.py
from fastapi import APIRouter

router = APIRouter()


@router.get("/inks")
async def read_inks() -> str:
    from app.main import app  # expect: RW405

    return app.title
# file: app/clips.py
def title() -> str:
    from app.assembly import TITLE  # expect: RW405

    return TITLE
# file: app/boxes.py
from fastapi import APIRouter

from app.clips import title

router = APIRouter()


@router.get("/boxes")
async def read_boxes() -> str:
    return title()
# file: app/assembly.py
from fastapi import APIRouter

from app import boxes

TITLE = "boxes"
router = APIRouter()
router.include_router(boxes.router)
# file: app/main.py
from fastapi import FastAPI

from app import assembly, inks, pens

app = FastAPI()
app.include_router(pens.router)
app.include_router(inks.router)
app.include_router(assembly.router)
