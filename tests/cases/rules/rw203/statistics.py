# Rows of figures name a key by its hash; routers that a function makes say all once
from fastapi import APIRouter, FastAPI
from pydantic import BaseModel


class KeySpendRow(BaseModel):
    api_key: str
    spend: float


class Account(BaseModel):
    name: str
    api_key: str


def make_router(prefix: str) -> APIRouter:
    made = APIRouter(prefix=prefix)

    @made.get("/spend")
    async def read_spend() -> list[KeySpendRow]:
        return []

    @made.get("/accounts")  # expect: RW203
    async def read_accounts() -> list[Account]:
        return []

    return made


app = FastAPI()
app.include_router(make_router("/teams"))
app.include_router(make_router("/tags"))
