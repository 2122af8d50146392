# Tokens and credentials in handlers; login, refresh, verification and password routes
import secrets
from typing import Annotated

import jwt
from fastapi import Depends, FastAPI, Header, HTTPException, Request, WebSocket
from fastapi.security import (
    HTTPBasic,
    HTTPBasicCredentials,
    OAuth2PasswordBearer,
    OAuth2PasswordRequestForm,
)
from passlib.context import CryptContext

app = FastAPI()
scheme = OAuth2PasswordBearer("/login")
basic = HTTPBasic()
context = CryptContext(schemes=["bcrypt"])
KEY = "…"
USERS = {"ann": "…"}


def read_claims(token: str) -> dict[str, str]:
    return jwt.decode(token, KEY, algorithms=["HS256"])


def user_of(token: str) -> str:
    claims = read_claims(token)
    if "sub" not in claims:
        raise HTTPException(401)
    return claims["sub"]


def expiry_noted(token: str) -> None:
    USERS[token] = read_claims(token)["exp"]


async def get_current_user(token: Annotated[str, Depends(scheme)]) -> str:
    return user_of(token)


@app.get("/decoded")
async def decoded(token: Annotated[str, Depends(scheme)]) -> str:
    return jwt.decode(token, KEY, algorithms=["HS256"])["sub"]  # expect: RW502


@app.get("/helper")
async def helper(authorization: Annotated[str, Header()]) -> str:
    claims = read_claims(authorization)  # expect: RW502
    return claims["sub"]


@app.get("/deeper")
async def deeper(authorization: Annotated[str, Header()]) -> None:
    user_of(authorization)  # expect: RW502


@app.get("/noted")
async def noted(token: Annotated[str, Depends(scheme)]) -> None:
    expiry_noted(token)


@app.get("/basic")
async def by_basic(given: Annotated[HTTPBasicCredentials, Depends(basic)]) -> str:
    if not secrets.compare_digest(given.password, KEY):  # expect: RW502
        raise HTTPException(401)
    return given.username


@app.delete("/pens/{pen_id}")
async def drop_pen(pen_id: int, name: str, word: str) -> int:
    if not context.verify(word, USERS[name]):  # expect: RW502
        raise HTTPException(401)
    return pen_id


@app.get("/pens")
async def read_pens(user: Annotated[str, Depends(get_current_user)]) -> str:
    return user


@app.post("/login")
async def log_in(form: Annotated[OAuth2PasswordRequestForm, Depends()]) -> str:
    if not context.verify(form.password, USERS[form.username]):
        raise HTTPException(401)
    return jwt.encode({"sub": form.username}, KEY)


@app.post("/session/callback")
async def take_code(request: Request, code: str) -> None:
    request.session["user"] = read_claims(code)["sub"]


@app.post("/redirected")
async def begin(request: Request, code: str) -> None:
    request.session["user"] = read_claims(code)["sub"]


@app.post("/refresh")
async def refresh(token: Annotated[str, Header()]) -> str:
    return jwt.encode(jwt.decode(token, KEY, algorithms=["HS256"]), KEY)


@app.post("/verify-email")
async def verify_email(token: str) -> str:
    return read_claims(token)["sub"]


@app.post("/users/me/password")
async def change_password(old: str, new: str) -> str:
    if not context.verify(old, USERS["ann"]):
        raise HTTPException(400)
    return context.hash(new)


@app.post("/webhooks/payments")
async def take_payment(token: Annotated[str, Header()]) -> str:
    return read_claims(token)["sub"]


class Codec:
    def decode(self, text: str) -> str:
        return text


@app.get("/codec")
async def codec(text: str) -> str:
    return Codec().decode(text)


@app.websocket("/talk")
async def talk(socket: WebSocket, token: str) -> None:
    claims = read_claims(token)  # expect: RW502
    await socket.accept()
    await socket.send_text(claims["sub"])


@app.websocket("/first-message")
async def first_message(socket: WebSocket) -> None:
    await socket.accept()
    token = await socket.receive_text()
    await socket.send_text(read_claims(token)["sub"])
