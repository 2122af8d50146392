# Bodies without a schema in routers, class-based views and registered functions
# file: app/__init__.py
# file: app/types.py
from dataclasses import dataclass
from typing import Annotated, Any, TypedDict

from fastapi import Body
from pydantic import BaseModel

Payload = dict[str, Any]
AnyBody = Annotated[dict[str, Any], Body()]


class Item(BaseModel):
    name: str


class Patch(TypedDict):
    name: str


@dataclass
class Point:
    x: int
    y: int
# file: app/items.py
from collections.abc import Mapping
from typing import Annotated, Any, Dict, List, Optional

from fastapi import APIRouter, Body, Depends, Form, Query, Request, WebSocket

from app.types import AnyBody, Item, Patch, Payload, Point

router = APIRouter(prefix="/items")


async def body_of(request: Request) -> Any:
    return await request.json()


@router.post("/a")
async def a(data: dict) -> None: ...  # expect: RW201


@router.post("/b")
async def b(data: Dict[str, Any]) -> None: ...  # expect: RW201


@router.put("/c")
async def c(key: int, data: Payload) -> None: ...  # expect: RW201


@router.put("/d")
async def d(data: AnyBody) -> None: ...  # expect: RW201


@router.post("/e")
async def e(data: Any = Body(...)) -> None: ...  # expect: RW201


@router.post("/f")
async def f(rows: list[dict[str, Any]]) -> None: ...  # expect: RW201


@router.post("/g")
async def g(rows: List) -> None: ...  # expect: RW201


@router.post("/h")
async def h(data: Optional[dict] = None) -> None: ...  # expect: RW201


@router.post("/i")
async def i(data=Body()) -> None: ...  # expect: RW201


@router.post("/j")
async def j(request: Request) -> str:
    data = await request.json()  # expect: RW201
    return str(data["name"])


@router.post("/k")
async def k(request: Request) -> str:
    async with request.form() as form:  # expect: RW201
        return str(form["name"])


@router.post("/l")
async def l(data: object = Body()) -> None: ...  # expect: RW201


@router.post("/m")
async def m(req: Request) -> int:
    body = await req.body()
    return len(body)


@router.post("/n")
async def n(item: Item, patch: Patch, point: Point) -> None: ...


@router.post("/o")
async def o(items: list[Item], tags: Annotated[list[str], Query()]) -> None: ...


@router.post("/p")
async def p(name: Annotated[str, Body(embed=True)], age: int = Body(1)) -> None: ...


@router.post("/q")
async def q(name: str = Form(), data: Any = Depends(body_of)) -> None: ...


@router.websocket("/r")
async def r(websocket: WebSocket) -> None:
    await websocket.receive_json()


@router.post("/s")
async def s(data: Mapping[str, Any]) -> None: ...  # expect: RW201


@router.post("/t")
async def t(prices: dict[str, float]) -> float:
    return sum(prices.values())
# file: app/views.py
from typing import Any

from fastapi import APIRouter
from fastapi_utils.cbv import cbv

router = APIRouter()


@cbv(router)
class Things:
    @router.post("/things")
    async def create(self, data: dict[str, Any]) -> None: ...  # expect: RW201
# file: app/main.py
from typing import Any

from fastapi import FastAPI

from app import items, views

app = FastAPI()
app.include_router(items.router)
app.include_router(views.router)


async def register(data: dict[str, Any]) -> None: ...  # expect: RW201


app.add_api_route("/register", register, methods=["POST"])
