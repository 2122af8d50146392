# A login that locks the account after failures, and routes behind a login by name
# file: app/__init__.py
# file: app/auth.py
from fastapi import HTTPException, Request
from starlette.status import HTTP_401_UNAUTHORIZED

from app.plugins import plugin

Refused = HTTPException(status_code=HTTP_401_UNAUTHORIZED, detail="Who are you?")


def current_user(request: Request) -> str:
    user = plugin.user(request)
    if not user:
        raise Refused
    return user


# file: app/plugins.py
class Plugin:
    def user(self, request: object) -> str:
        return str(request)


plugin = Plugin()


# file: app/main.py
from typing import Annotated

from fastapi import Depends, FastAPI, HTTPException, status
from pydantic import BaseModel

from app.auth import current_user

app = FastAPI()


class LockedOut(Exception):
    pass


class Credentials(BaseModel):
    name: str
    password: str


def check(credentials: Credentials) -> bool:
    if credentials.name == "mallory":
        raise LockedOut
    return credentials.password == "x"


@app.post("/login")
def login(credentials: Credentials) -> bool:
    try:
        return check(credentials)
    except LockedOut as error:
        raise HTTPException(status.HTTP_423_LOCKED) from error


@app.post("/session/login")  # expect: RW607
def session_login(credentials: Credentials) -> bool:
    return check(credentials)


@app.post("/users/reset-password")
def reset(name: str, user: Annotated[str, Depends(current_user)]) -> str:
    return name + user
