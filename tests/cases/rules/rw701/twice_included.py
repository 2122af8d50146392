# A router that is included twice: a request to one of its paths serves
# file: main.py
from fastapi import APIRouter, FastAPI

app = FastAPI()
router = APIRouter()


@router.get("/a")
async def a() -> str:
    return "x"


@router.get("/b")  # expect: RW701
async def b() -> str:
    return "x"


app.include_router(router, prefix="/v1")
app.include_router(router, prefix="/latest")
# file: test_main.py
from httpx import ASGITransport, AsyncClient

from main import app


async def test_a() -> None:
    async with AsyncClient(
        transport=ASGITransport(app), base_url="http://test/latest"
    ) as client:
        assert (await client.get("/a")).status_code == 200
