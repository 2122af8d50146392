# The very same method and path, in one router and across includes
# file: app/__init__.py
# file: app/pens.py
from fastapi import APIRouter

router = APIRouter(prefix="/pens")


@router.get("/{pen_id}")
async def read_pen(pen_id: int) -> int:
    return pen_id


@router.get("/{name}")
async def read_by_name(name: str) -> str:
    return name


@router.post("/{pen_id}")
async def post_pen(pen_id: int) -> int:
    return pen_id


@router.get("/{pen_id}")  # expect: RW408
async def read_again(pen_id: int) -> int:
    return pen_id


@router.get("/{pen_id}/")
async def read_with_slash(pen_id: int) -> int:
    return pen_id
# file: app/more.py
from fastapi import APIRouter

router = APIRouter()


@router.api_route("/{pen_id}", methods=["PUT", "POST"])  # expect: RW408
async def write_pen(pen_id: int) -> int:
    return pen_id
# file: app/main.py
from fastapi import FastAPI

from app import more, pens

app = FastAPI()
app.include_router(pens.router)
app.include_router(more.router, prefix="/pens")
