# Keys, tokens and signatures compared in dependencies, middleware, webhooks and helpers
# file: app/__init__.py
# file: app/settings.py
from functools import lru_cache

from pydantic import SecretStr
from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    api_key: str
    admin_token: SecretStr
    webhook_secret: str
    page_size: int = 20


@lru_cache
def get_settings() -> Settings:
    return Settings()


settings = get_settings()
# file: app/security.py
import hashlib
import hmac
import os
import secrets
from typing import Annotated

from fastapi import Depends, Header, HTTPException, Request, Security
from fastapi.security import APIKeyHeader, HTTPAuthorizationCredentials, HTTPBasic, HTTPBasicCredentials, HTTPBearer

from app.settings import Settings, get_settings, settings

API_KEY = os.environ["API_KEY"]
api_key_header = APIKeyHeader(name="X-API-Key")
bearer = HTTPBearer()
basic = HTTPBasic()


async def by_header(key: str = Security(api_key_header)) -> None:
    if key != settings.api_key:  # expect: RW618
        raise HTTPException(403)


def by_environment(x_token: Annotated[str, Header()]) -> None:
    if x_token == API_KEY:  # expect: RW618
        return
    raise HTTPException(401)


def by_bearer(
    given: Annotated[HTTPAuthorizationCredentials, Depends(bearer)],
    conf: Annotated[Settings, Depends(get_settings)],
) -> None:
    if given.credentials != conf.admin_token.get_secret_value():  # expect: RW618
        raise HTTPException(401)


def is_signed(body: bytes, signature: str) -> bool:
    expected = hmac.new(settings.webhook_secret.encode(), body, hashlib.sha256).hexdigest()
    return signature == f"sha256={expected}"  # expect: RW618


def is_well_signed(body: bytes, signature: str) -> bool:
    expected = hmac.new(settings.webhook_secret.encode(), body, hashlib.sha256).hexdigest()
    return hmac.compare_digest(signature, f"sha256={expected}")


def by_basic(given: Annotated[HTTPBasicCredentials, Depends(basic)]) -> str:
    if given.password == settings.api_key:  # expect: RW618
        return given.username
    if secrets.compare_digest(given.password, settings.api_key):
        return given.username
    raise HTTPException(401)


async def by_request(request: Request) -> None:
    token = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if token != settings.api_key:  # expect: RW618
        raise HTTPException(401)


def token_type(authorization: Annotated[str, Header()]) -> str:
    scheme, _, _ = authorization.partition(" ")
    if scheme.lower() != "bearer":
        raise HTTPException(401)
    return scheme
# file: app/main.py
from fastapi import Depends, FastAPI, Header, HTTPException, Request

from app import security

app = FastAPI()


@app.post("/jobs", dependencies=[Depends(security.by_header), Depends(security.by_environment)])
async def jobs() -> str:
    return "started"


@app.get("/admin", dependencies=[Depends(security.by_bearer), Depends(security.by_basic), Depends(security.token_type)])
async def admin(_: None = Depends(security.by_request)) -> str:
    return "admin"


@app.post("/webhook")
async def webhook(request: Request, x_signature: str = Header()) -> str:
    body = await request.body()
    if not security.is_signed(body, x_signature) or not security.is_well_signed(body, x_signature):
        raise HTTPException(400)
    return "ok"


@app.get("/pages/{key}")
async def page(key: str, kind: str = "key") -> str:
    if kind == "key":
        return key
    return "page"
