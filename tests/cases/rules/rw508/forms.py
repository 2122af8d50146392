# Depends as a default, in handlers, dependencies and classes; and in Annotated
# file: app/__init__.py
# file: app/main.py
from typing import Annotated

from fastapi import APIRouter, Depends, FastAPI, Query, Security
from fastapi.security import OAuth2PasswordBearer

oauth2 = OAuth2PasswordBearer(tokenUrl="token")
router = APIRouter()


def page(number: int = 1) -> int:
    return number


def user(token: str = Depends(oauth2)) -> str:  # expect: RW508
    return token


@router.get("/a")
async def a(number: int = Depends(page)) -> int:  # expect: RW508
    return number


@router.get("/b")
async def b(number: Annotated[int, Depends(page)], name: Annotated[str, Security(user)]) -> str:
    return name


app = FastAPI(dependencies=[Depends(page)])
app.include_router(router, dependencies=[Depends(user)])
