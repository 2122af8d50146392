# Routers that are included in one way or another, exported, empty, or forgotten
# file: app/__init__.py
# file: app/nested.py
from fastapi import APIRouter

parent = APIRouter(prefix="/parent")
child = APIRouter()


@child.get("/child")
async def read_child() -> int:
    return 0


parent.include_router(child)
# file: app/loop.py
from fastapi import APIRouter

one, two = APIRouter(), APIRouter()
three = APIRouter()


@one.get("/one")
async def read_one() -> int:
    return 1


@two.get("/two")
async def read_two() -> int:
    return 2


@three.get("/three")
async def read_three() -> int:
    return 3


ROUTERS = [one, two, three]
# file: app/optional.py
from fastapi import APIRouter

router = APIRouter()


@router.get("/optional")
async def read_optional() -> int:
    return 0
# file: app/empty.py
from fastapi import APIRouter

router = APIRouter()
# file: app/forgotten.py
from fastapi import APIRouter

outer = APIRouter(prefix="/outer")  # expect: RW406
inner = APIRouter()


@inner.get("/inner")
async def read_inner() -> int:
    return 0


outer.include_router(inner)
# file: unused.py
from fastapi import APIRouter

router = APIRouter()  # expect: RW406


@router.get("/unused")
async def read_unused() -> int:
    return 0
# file: app/main.py
from fastapi import FastAPI

from app import nested
from app.loop import ROUTERS

DEBUG = False
app = FastAPI()
app.include_router(nested.parent)
for router in ROUTERS:
    app.include_router(router)
if DEBUG:
    from app import optional

    app.include_router(optional.router)
# file: tests/test_forgotten.py
from fastapi import FastAPI
from fastapi.testclient import TestClient

from app.forgotten import outer

app = FastAPI()
app.include_router(outer)
client = TestClient(app)


def test_inner() -> None:
    assert client.get("/outer/inner").status_code == 200
