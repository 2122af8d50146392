# A package that exports its router for others, beside an application of its own kind
# file: inkwell/__init__.py
from inkwell.routes import router

__all__ = ["router"]
# file: inkwell/routes.py
from fastapi import APIRouter

router = APIRouter()


@router.get("/ink")
async def read_ink() -> int:
    return 0
# file: examples/main.py
from fastapi import FastAPI

app = FastAPI()


@app.get("/")
async def read_index() -> int:
    return 0
