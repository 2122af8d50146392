# Dependencies of a router's class, of a module's list, and a router without
# file: app/__init__.py
# file: app/security.py
from typing import Annotated

from fastapi import Depends, HTTPException, Security
from fastapi.security import APIKeyHeader, HTTPAuthorizationCredentials, HTTPBearer

from app.settings import get_settings

bearer = HTTPBearer(auto_error=False)
key_header = APIKeyHeader(name="X-Key", auto_error=False)


async def principal(
    credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)],
    key: Annotated[str | None, Security(key_header)],
) -> str:
    if key is not None and key in get_settings().keys:
        return "service"
    if credentials is None:
        raise HTTPException(401)
    return credentials.credentials


class RequireRole:
    def __init__(self, role: str) -> None:
        self.role = role

    async def __call__(self, who: Annotated[str, Depends(principal)]) -> str:
        if who != self.role:
            raise HTTPException(403)
        return who


PROTECTED = [Depends(principal)]
Principal = Annotated[str, Depends(principal)]
# file: app/settings.py
from functools import lru_cache

from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    keys: list[str] = []


@lru_cache
def get_settings() -> Settings:
    return Settings()
# file: app/routers.py
from fastapi import APIRouter


class ProtectedRouter(APIRouter):
    def __init__(self, **options) -> None:
        from app.security import PROTECTED

        options.setdefault("dependencies", PROTECTED)
        super().__init__(**options)
# file: app/api/__init__.py
# file: app/api/orders.py
from fastapi import APIRouter

router = APIRouter(prefix="/orders", tags=["orders"])


@router.post("", status_code=201)
async def create_order(name: str) -> str:
    return name


@router.delete("/{order_id}", status_code=204)
async def delete_order(order_id: int) -> None: ...
# file: app/api/stock.py
from fastapi import APIRouter

router = APIRouter(prefix="/stock")


@router.put("/{item}")  # expect: RW601
async def set_stock(item: int, number: int) -> int:
    return number
# file: app/api/admin.py
from fastapi import APIRouter, Depends

from app.security import Principal, RequireRole

router = APIRouter(prefix="/admin", dependencies=[Depends(RequireRole("admin"))])


@router.post("/reindex")
async def reindex() -> None: ...


notes = APIRouter(prefix="/notes")


@notes.post("")
async def create_note(text: str, who: Principal) -> str:
    return who


@notes.patch("/{note}")  # expect: RW601
async def change_note(note: int, text: str) -> str:
    return text
# file: app/api/webhooks.py
import hashlib
import hmac

from fastapi import APIRouter, Header, HTTPException, Request

from app.settings import get_settings

router = APIRouter(prefix="/hooks")


async def verify(request: Request, signature: str) -> bytes:
    body = await request.body()
    secret = get_settings().keys[0].encode()
    expected = hmac.new(secret, body, hashlib.sha256).hexdigest()
    if not hmac.compare_digest(expected, signature):
        raise HTTPException(401)
    return body


@router.post("/github")
async def github(request: Request, x_hub_signature_256: str = Header()) -> None:
    await verify(request, x_hub_signature_256)
# file: app/main.py
from fastapi import FastAPI

from app.api import admin, orders, stock, webhooks
from app.security import PROTECTED


def create_app() -> FastAPI:
    app = FastAPI()
    for module in (admin, webhooks):
        app.include_router(module.router, prefix="/api/v1")
    app.include_router(orders.router, prefix="/api/v1", dependencies=PROTECTED)
    app.include_router(stock.router, prefix="/api/v1")
    app.include_router(admin.notes, prefix="/api/v1")
    return app


app = create_app()
