# Tokens and passwords checked in handlers, through helpers and libraries
# file: app/__init__.py
# file: app/tokens.py
from typing import Any

import jwt
from fastapi import HTTPException
from jose import jwt as jose_jwt
from passlib.context import CryptContext

context = CryptContext(schemes=["bcrypt"])


def read(token: str) -> dict[str, Any]:
    return jwt.decode(token, "key", algorithms=["HS256"])


def user_of(token: str) -> str:
    try:
        claims = read(token)
    except jwt.PyJWTError as error:
        raise HTTPException(401) from error
    return str(claims["sub"])


def read_jose(token: str) -> dict[str, Any]:
    return jose_jwt.decode(token, "key", algorithms=["HS256"])
# file: app/main.py
import secrets
from typing import Annotated, Any

import jwt
from fastapi import APIRouter, Depends, FastAPI, Header, HTTPException, Request, WebSocket
from fastapi.security import HTTPAuthorizationCredentials, HTTPBasic, HTTPBasicCredentials, HTTPBearer, OAuth2PasswordBearer

from app import tokens
from app.tokens import context, user_of

oauth2 = OAuth2PasswordBearer(tokenUrl="token")
bearer = HTTPBearer()
basic = HTTPBasic()
router = APIRouter()


def current_user(token: str = Depends(oauth2)) -> str:
    return user_of(token)


@router.get("/a")
async def a(token: str = Depends(oauth2)) -> Any:
    return jwt.decode(token, "key", algorithms=["HS256"])  # expect: RW502


@router.get("/b")
async def b(given: Annotated[HTTPAuthorizationCredentials, Depends(bearer)]) -> Any:
    claims = tokens.read(given.credentials)  # expect: RW502
    return claims["sub"]


@router.get("/c")
async def c(request: Request) -> str:
    token = request.headers.get("Authorization", "").removeprefix("Bearer ")
    return user_of(token)  # expect: RW502


@router.get("/d")
async def d(authorization: str = Header()) -> Any:
    return tokens.read_jose(authorization)  # expect: RW502


@router.get("/e")
async def e(given: Annotated[HTTPBasicCredentials, Depends(basic)]) -> str:
    if not secrets.compare_digest(given.password, "x"):  # expect: RW502
        raise HTTPException(401)
    return given.username


@router.get("/f")
async def f(name: str, secret: str) -> bool:
    return context.verify(secret, "hash")  # expect: RW502


@router.get("/g")
async def g(user: Annotated[str, Depends(current_user)]) -> str:
    return user


@router.post("/login")
async def login(name: str, password: str) -> bool:
    return context.verify(password, "hash")


@router.post("/refresh")
async def refresh(token: str) -> Any:
    return tokens.read(token)


@router.post("/verify-email")
async def verify_email(token: str) -> Any:
    return tokens.read(token)


@router.put("/me/password")
async def change_password(old: str) -> bool:
    return context.verify(old, "hash")


@router.websocket("/ws")
async def ws(websocket: WebSocket) -> None:
    await websocket.accept()
    token = await websocket.receive_text()
    tokens.read(token)


app = FastAPI()
app.include_router(router)
