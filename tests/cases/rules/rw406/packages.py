# Routers of packages: included through lists, registries and parents, or forgotten
# file: app/__init__.py
# file: app/api/__init__.py
from fastapi import APIRouter

from app.api import carts, items, orders, users
from app.api.admin import router as admin_router

api = APIRouter(prefix="/api")
for module in (items, orders):
    api.include_router(module.router)
api.include_router(users.router, prefix="/users")
# file: app/api/items.py
from fastapi import APIRouter

router = APIRouter(prefix="/items")


@router.get("")
async def read_items() -> list[str]:
    return []
# file: app/api/orders.py
from fastapi import APIRouter

from app.api import lines

router = APIRouter(prefix="/orders")
router.include_router(lines.router)
# file: app/api/lines.py
from fastapi import APIRouter

router = APIRouter(prefix="/lines")


@router.get("")
async def read_lines() -> list[str]:
    return []
# file: app/api/users.py
from fastapi import APIRouter

router = APIRouter()
private_router = APIRouter(prefix="/private")  # expect: RW406


@router.get("/me")
async def me() -> str:
    return "me"


@private_router.get("/secrets")
async def secrets() -> str:
    return "secrets"
# file: app/api/admin.py
from fastapi import APIRouter, Depends

router = APIRouter(  # expect: RW406
    prefix="/admin",
    tags=["admin"],
)


@router.delete("/users/{key}")
async def delete_user(key: int) -> None: ...
# file: app/api/carts.py
from fastapi import APIRouter

router = APIRouter(prefix="/carts")  # expect: RW406
inner = APIRouter()
router.include_router(inner)
empty = APIRouter()


@inner.get("/")
async def read_carts() -> list[str]:
    return []


@router.post("/")
async def create_cart() -> None: ...
# file: app/api/legacy.py
from fastapi import APIRouter

router = APIRouter(prefix="/legacy")  # expect: RW406


@router.get("/old")
async def old() -> str:
    return "old"
# file: app/main.py
from fastapi import FastAPI

from app.api import api


def create_app() -> FastAPI:
    made = FastAPI()
    made.include_router(api)
    return made


app = create_app()
