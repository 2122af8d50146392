# Signatures of webhooks, API keys of settings, tokens in a header, in several modules
# file: app/__init__.py
# file: app/settings.py
from functools import lru_cache

from pydantic import SecretStr
from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    webhook_secret: SecretStr
    api_keys: list[str] = []
    internal_token: str


@lru_cache
def get_settings() -> Settings:
    return Settings()
# file: app/signing.py
import base64
import hashlib
import hmac

from app.settings import get_settings


def sign(body: bytes) -> str:
    secret = get_settings().webhook_secret.get_secret_value().encode()
    return hmac.new(secret, body, hashlib.sha256).hexdigest()


def sign64(body: bytes, secret: bytes) -> str:
    return base64.b64encode(hmac.digest(secret, body, "sha1")).decode()


def is_valid(body: bytes, signature: str) -> bool:
    return sign(body) == signature  # expect: RW618


def is_safe(body: bytes, signature: str) -> bool:
    return hmac.compare_digest(sign(body), signature)
# file: app/main.py
from typing import Annotated

from fastapi import Depends, FastAPI, Header, HTTPException, Request, Security
from fastapi.security import APIKeyHeader, HTTPBasic, HTTPBasicCredentials

from app.settings import Settings, get_settings
from app.signing import is_safe, is_valid, sign64

app = FastAPI()
basic = HTTPBasic()
key = APIKeyHeader(name="X-Key")


async def internal(
    request: Request, settings: Annotated[Settings, Depends(get_settings)]
) -> None:
    token = request.headers.get("X-Internal-Token")
    if not token or token != settings.internal_token:  # expect: RW618
        raise HTTPException(401)


async def by_key(given: Annotated[str, Security(key)]) -> str:
    if given not in get_settings().api_keys:
        raise HTTPException(401)
    return given


async def login(credentials: Annotated[HTTPBasicCredentials, Depends(basic)]) -> str:
    if credentials.username != "shop":
        raise HTTPException(401)
    if credentials.password == get_settings().internal_token:  # expect: RW618
        return credentials.username
    raise HTTPException(401)


@app.post("/hooks/a")
async def hook_a(request: Request, x_signature: Annotated[str, Header()]) -> None:
    if not is_valid(await request.body(), x_signature):
        raise HTTPException(401)


@app.post("/hooks/b")
async def hook_b(request: Request, x_signature: Annotated[str, Header()]) -> None:
    if not is_safe(await request.body(), x_signature):
        raise HTTPException(401)


@app.post("/hooks/c")
async def hook_c(request: Request, x_signature: Annotated[str, Header()]) -> None:
    expected = "sha1=" + sign64(await request.body(), b"k")
    if expected != x_signature:  # expect: RW618
        raise HTTPException(401)


@app.post("/internal", dependencies=[Depends(internal), Depends(by_key)])
async def inside(kind: str) -> str:
    if kind == "token":
        return "t"
    return kind


@app.get("/basic")
async def read(who: Annotated[str, Depends(login)]) -> str:
    return who
