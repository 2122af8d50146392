# Writing routes of routers at several levels, security in aliases, classes and decorators
# file: app/__init__.py
# file: app/deps.py
from typing import Annotated

import jwt
from fastapi import Depends, HTTPException, Request, Security, status
from fastapi.security import APIKeyHeader, HTTPAuthorizationCredentials, HTTPBearer, OAuth2PasswordBearer

oauth2 = OAuth2PasswordBearer(tokenUrl="/auth/token", scopes={"write": "write"})
bearer = HTTPBearer()
key_header = APIKeyHeader(name="X-API-Key")


class Unauthorized(HTTPException):
    def __init__(self) -> None:
        super().__init__(status_code=status.HTTP_401_UNAUTHORIZED, detail="no")


def get_current_user(token: str = Depends(oauth2)) -> str:
    try:
        return str(jwt.decode(token, "key", algorithms=["HS256"])["sub"])
    except jwt.PyJWTError as error:
        raise Unauthorized() from error


CurrentUser = Annotated[str, Depends(get_current_user)]


class RoleChecker:
    def __init__(self, *roles: str) -> None:
        self.roles = roles

    def __call__(self, user: CurrentUser) -> str:
        if user not in self.roles:
            raise HTTPException(status.HTTP_403_FORBIDDEN)
        return user


def session_user(request: Request) -> str:
    user = request.cookies.get("session")
    if not user:
        raise Unauthorized()
    return user


async def check_bearer(given: Annotated[HTTPAuthorizationCredentials, Security(bearer)]) -> str:
    return given.credentials


def check_key(key: str = Security(key_header)) -> None:
    if key != "x":
        raise HTTPException(status_code=403)


def get_settings() -> dict[str, str]:
    return {}


def pagination(page: int = 0) -> int:
    return page
# file: app/api/__init__.py
from fastapi import APIRouter, Depends

from app.api import admin, items, machines, orders
from app.deps import get_current_user

api = APIRouter(prefix="/api/v1")
api.include_router(items.router)
api.include_router(orders.router, prefix="/orders", dependencies=[Depends(get_current_user)])
api.include_router(admin.router, prefix="/admin")
api.include_router(machines.router)
# file: app/api/items.py
from fastapi import APIRouter, Depends, Security

from app.deps import CurrentUser, RoleChecker, get_current_user, get_settings, pagination, session_user

router = APIRouter(prefix="/items", tags=["items"])


@router.post("")
async def create_item(name: str, user: CurrentUser) -> str:
    return name


@router.put("/{item_id}")  # expect: RW601
async def replace_item(item_id: int, name: str, settings: dict[str, str] = Depends(get_settings)) -> str:
    return name


@router.patch("/{item_id}", dependencies=[Depends(pagination)])  # expect: RW601
async def change_item(item_id: int) -> int:
    return item_id


@router.delete(  # expect: RW601
    "/{item_id}",
    status_code=204,
)
async def delete_item(item_id: int) -> None: ...


@router.post("/{item_id}/publish", dependencies=[Depends(RoleChecker("editor"))])
async def publish(item_id: int) -> None: ...


@router.post("/{item_id}/star")
async def star(item_id: int, user: str = Security(get_current_user, scopes=["write"])) -> None: ...


@router.post("/{item_id}/like")
async def like(item_id: int, user: str = Depends(session_user)) -> None: ...


@router.api_route("/{item_id}/move", methods=["POST", "PUT"])  # expect: RW601
async def move(item_id: int, to: str) -> None: ...


@router.get("")
async def read_items() -> list[str]:
    return []
# file: app/api/orders.py
from fastapi import APIRouter

router = APIRouter()


@router.post("/")
async def create_order(name: str) -> str:
    return name
# file: app/api/admin.py
from fastapi import APIRouter, Depends

from app.deps import check_bearer

router = APIRouter(dependencies=[Depends(check_bearer)])
open_router = APIRouter()


@router.delete("/users/{user_id}")
async def delete_user(user_id: int) -> None: ...


@open_router.delete("/caches/{name}")  # expect: RW601
async def delete_cache(name: str) -> None: ...
# file: app/api/machines.py
from fastapi import APIRouter, Depends

from app.deps import check_key

router = APIRouter()


async def add_reading(value: float) -> None: ...


async def add_machine(name: str) -> None: ...


router.add_api_route("/readings", add_reading, methods=["POST"], dependencies=[Depends(check_key)])
router.add_api_route("/machines", add_machine, methods=["POST"])  # expect: RW601
# file: app/api/auth.py
from fastapi import APIRouter, Depends
from fastapi.security import OAuth2PasswordRequestForm
from pydantic import BaseModel, EmailStr

router = APIRouter(prefix="/auth")


class Register(BaseModel):
    email: EmailStr
    password: str


@router.post("/token")
async def token(form: OAuth2PasswordRequestForm = Depends()) -> str:
    return form.username


@router.post("/register")
async def register(data: Register) -> str:
    return data.email


@router.post("/password-reset")
async def reset(email: str) -> None: ...


@router.post("/refresh")
async def refresh(token: str) -> None: ...


@router.post("/logout")
async def logout() -> None: ...
# file: app/main.py
from fastapi import FastAPI

from app.api import admin, api, auth

app = FastAPI()
app.include_router(api)
app.include_router(auth.router)
app.include_router(admin.open_router, prefix="/api/v1/admin")


@app.post("/health")
async def health() -> str:
    return "ok"


@app.post("/feedback")  # expect: RW601
async def feedback(text: str) -> str:
    return text
