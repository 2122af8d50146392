# The finding stands on line 1 of the file that makes the application.
# file: app/main.py
"""The shop."""  # expect: RW605

from fastapi import FastAPI

from app.items import router

app = FastAPI()
app.include_router(router)
# file: app/items.py
from fastapi import APIRouter

router = APIRouter()


@router.get("/items")
async def read_items() -> None: ...
