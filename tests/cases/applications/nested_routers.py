# Routers in routers, four levels deep, in one module each.
# file: api/__init__.py
# file: api/main.py
from fastapi import FastAPI

from api.v1 import router as v1

app = FastAPI()
app.include_router(v1, prefix="/api")
# file: api/v1/__init__.py
from fastapi import APIRouter

from .admin import admin_router

router = APIRouter(prefix="/v1")
router.include_router(admin_router)
# file: api/v1/admin/__init__.py
from fastapi import APIRouter

from . import users

admin_router = APIRouter(prefix="/admin")
admin_router.include_router(router=users.api, prefix="/users")
# file: api/v1/admin/users.py
import time

from fastapi import APIRouter

api = APIRouter()


@api.get("/{user_id}")
async def read(user_id: int) -> int:
    time.sleep(0.1)  # expect: RW303
    return user_id
