# A login that looks for a session first lets strangers in; a step-up login does not
from typing import Annotated

from fastapi import Depends, FastAPI, HTTPException
from fastapi.security import APIKeyCookie
from pydantic import BaseModel

app = FastAPI()
cookie = APIKeyCookie(name="session", auto_error=False)


class Credentials(BaseModel):
    name: str
    password: str


def find_user(token: Annotated[str | None, Depends(cookie)]) -> str | None:
    return token


def require_user(token: Annotated[str | None, Depends(cookie)]) -> str:
    if token is None:
        raise HTTPException(401)
    return token


@app.post("/login")  # expect: RW607
async def login(
    credentials: Credentials, user: Annotated[str | None, Depends(find_user)]
) -> str:
    return user or credentials.name


@app.post("/confirm/login")
async def confirm(
    credentials: Credentials, user: Annotated[str, Depends(require_user)]
) -> str:
    return user + credentials.name


class ToLogin(Exception):
    pass


def send_to_login(user: Annotated[str | None, Depends(find_user)]) -> str:
    if user is None:
        raise ToLogin
    return user


@app.post("/email/verify")
async def verify_email(code: str, user: Annotated[str, Depends(send_to_login)]) -> str:
    return user + code
