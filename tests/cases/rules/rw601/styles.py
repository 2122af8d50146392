# Class-based views, own routers, decorators and loops: with security and without
# file: app/__init__.py
# file: app/security.py
from collections.abc import Awaitable, Callable
from functools import wraps
from typing import Any

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.security import HTTPBearer

bearer = HTTPBearer(auto_error=False)


async def current_user(request: Request, token: Any = Depends(bearer)) -> str:
    if token is None:
        raise HTTPException(status_code=401)
    return str(token.credentials)


class SecureRouter(APIRouter):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(dependencies=[Depends(current_user)], **kwargs)


def login_required(function: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
    @wraps(function)
    async def inner(request: Request, *args: Any, **kwargs: Any) -> Any:
        if "user" not in request.session:
            raise HTTPException(401)
        return await function(request, *args, **kwargs)

    return inner


def open_router(prefix: str) -> APIRouter:
    return APIRouter(prefix=prefix)
# file: app/views.py
from fastapi import APIRouter, Depends, Request
from fastapi_utils.cbv import cbv

from app.security import SecureRouter, current_user, login_required, open_router

router = APIRouter(prefix="/views")
secure = SecureRouter(prefix="/secure")
opened = open_router("/opened")


@cbv(router)
class Guarded:
    user: str = Depends(current_user)

    @router.post("/guarded")
    async def create(self) -> str:
        return self.user


@cbv(router)
class Bare:
    @router.post("/bare")  # expect: RW601
    async def create(self, name: str) -> str:
        return name


@secure.delete("/{key}")
async def delete(key: int) -> None: ...


@opened.put("/{key}")  # expect: RW601
async def put(key: int, name: str) -> str:
    return name


@router.post("/decorated")
@login_required
async def decorated(request: Request, name: str) -> str:
    return name
# file: app/main.py
from fastapi import APIRouter, Depends, FastAPI

from app import views
from app.security import current_user

app = FastAPI()
for each in (views.router, views.secure, views.opened):
    app.include_router(each, prefix="/api")

inner = FastAPI()


@inner.post("/inside")
async def inside(name: str) -> str:
    return name


guarded = FastAPI(dependencies=[Depends(current_user)])
sub = APIRouter()


@sub.post("/below")
async def below(name: str) -> str:
    return name


guarded.include_router(sub)
app.mount("/guarded", guarded)
