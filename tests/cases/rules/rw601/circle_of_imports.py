# A dependency from a module that imports the routers' module too, for its types
# file: app/__init__.py
# file: app/auth.py
from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from fastapi import Depends, HTTPException
from fastapi.security import OAuth2PasswordBearer

if TYPE_CHECKING:
    from app.items import Item

scheme = OAuth2PasswordBearer(tokenUrl="token")


async def current_user(token: Annotated[str, Depends(scheme)]) -> str:
    if token != "t":
        raise HTTPException(401)
    return token


def page() -> int:
    return 1


def may_change(user: str, item: Item) -> bool:
    return user == item.owner
# file: app/items.py
from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import BaseModel

from app.auth import current_user, page

router = APIRouter(prefix="/items")
CurrentUser = Annotated[str, Depends(current_user)]


class Item(BaseModel):
    owner: str


@router.post("")
async def create(item: Item, user: CurrentUser) -> str:
    return user


@router.put("/{key}", dependencies=[Depends(current_user)])
async def change(key: int, item: Item) -> int:
    return key


@router.delete("/{key}")  # expect: RW601
async def remove(key: int, page: Annotated[int, Depends(page)]) -> int:
    return key
# file: app/main.py
from fastapi import FastAPI

from app import auth, items

app = FastAPI()
app.include_router(items.router)
app.state.auth = auth
