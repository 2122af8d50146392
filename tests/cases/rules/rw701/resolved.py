# Paths through f-strings, constants, settings, helpers, loops, parametrize, fixtures, names
# file: app/__init__.py
# file: app/main.py
from fastapi import APIRouter, FastAPI, WebSocket
from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    prefix: str = "/api/v1"


settings = Settings()
router = APIRouter(prefix="/items")
app = FastAPI()


@router.get("/{item_id}")
async def read_item(item_id: int) -> int:
    return item_id


@router.get("/special/newest")  # expect: RW701
async def read_newest() -> int:
    return 1


@router.post("/")
async def create_item() -> int:
    return 1


@router.put("/{item_id}")
async def replace_item(item_id: int) -> int:
    return item_id


@router.patch("/{item_id}")
async def change_item(item_id: int) -> int:
    return item_id


@router.delete("/{item_id}")
async def delete_item(item_id: int) -> int:
    return item_id


@router.get("/{item_id}/comments")  # expect: RW701
async def read_comments(item_id: int) -> int:
    return item_id


@router.get("/{item_id}/likes")
async def read_likes(item_id: int) -> int:
    return item_id


@router.get("/{item_id}/{part}", name="part")
async def read_part(item_id: int, part: str) -> int:
    return item_id


@app.get("/files/{path:path}")
async def read_file(path: str) -> str:
    return path


@app.get("/a")
async def a() -> str:
    return "a"


@app.get("/b")
async def b() -> str:
    return "b"


@app.get("/c")
async def c() -> str:
    return "c"


@app.get("/d")
async def d() -> str:
    return "d"


@app.websocket("/ws")
async def ws(websocket: WebSocket) -> None: ...


@app.websocket("/ws2")  # expect: RW701
async def ws2(websocket: WebSocket) -> None: ...


@app.get("/direct")  # expect: RW701
async def direct() -> str:
    return "x"


app.include_router(router, prefix=settings.prefix)
# file: tests/conftest.py
import pytest
from fastapi.testclient import TestClient

from app.main import app


@pytest.fixture
def client():
    with TestClient(app) as c:
        yield c


@pytest.fixture(params=["/c", "/d"])
def path(request):
    return request.param
# file: tests/helpers.py
BASE = "/api/v1/items"


def url(item_id: int) -> str:
    return f"{BASE}/{item_id}"


def change(client, target):
    return client.patch(target, json={})
# file: tests/test_items.py
import pytest

from app.main import app, direct, settings
from tests.helpers import BASE, change, url

PATHS = ["/a", "/b"]


def test_read(client):
    assert client.get(f"{settings.prefix}/items/{1}").json() == 1


def test_create(client):
    assert client.post(BASE + "/", json={}).json() == 1


def test_replace(client):
    assert client.request("PUT", url(1), json={}).json() == 1


def test_change(client):
    assert change(client, "%s/%d" % (BASE, 1)).json() == 1


@pytest.mark.parametrize(("method", "tail"), [("delete", 1), ("get", "3/likes")])
def test_more(client, method, tail):
    assert getattr(client, method)(f"{BASE}/{tail}").status_code == 200


def test_loop(client):
    for path in PATHS:
        assert client.get(path).status_code == 200


def test_params(client, path):
    assert client.get(path).status_code == 200


def test_name(client):
    target = app.url_path_for("part", item_id=1, part="x")
    assert client.get(target).status_code == 200
    assert client.get("http://testserver/files/a/b.txt?x=1").status_code == 200


def test_websocket(client):
    with client.websocket_connect("/ws") as socket:
        assert socket


async def test_direct():
    assert await direct() == "x"
