# Answers without a schema, and those that have one or need none
# file: app/__init__.py
# file: app/schemas.py
from typing import Any, TypeAlias

from pydantic import BaseModel


class Item(BaseModel):
    name: str


Json: TypeAlias = dict[str, Any]
# file: app/items.py
from typing import Any, Dict

from fastapi import APIRouter, Response, status
from fastapi.responses import FileResponse, HTMLResponse, JSONResponse, RedirectResponse, StreamingResponse

from app.schemas import Item, Json

router = APIRouter(prefix="/items")
hidden = APIRouter(include_in_schema=False)


@router.get("/a")  # expect: RW202
async def a():
    return {"name": "a"}


@router.get("/b")  # expect: RW202
async def b() -> dict:
    return {"name": "b"}


@router.get("/c")  # expect: RW202
async def c() -> Dict[str, Any]:
    return {"name": "c"}


@router.get("/d")  # expect: RW202
async def d() -> Any:
    return Item(name="d")


@router.get("/e")  # expect: RW202
async def e() -> Json:
    return {}


@router.get("/f")  # expect: RW202
async def f() -> list:
    return []


@router.get("/g")  # expect: RW202
async def g() -> list[dict[str, Any]]:
    return []


@router.post(  # expect: RW202
    "/h",
    status_code=201,
)
async def h(item: Item) -> object:
    return item


@router.get("/i", response_model=Item)
async def i():
    return {"name": "i"}


@router.get("/j")
async def j() -> Item:
    return Item(name="j")


@router.get("/k", response_model=None)
async def k() -> Any:
    return {}


@router.delete("/l", status_code=status.HTTP_204_NO_CONTENT)
async def l():
    return None


@router.get("/m")
async def m():
    return JSONResponse({"name": "m"})


@router.get("/n", response_class=HTMLResponse)
async def n():
    return "<p>n</p>"


@router.get("/o")
async def o() -> FileResponse:
    return FileResponse("o.txt")


@router.get("/p", include_in_schema=False)
async def p():
    return {}


@router.get("/q")
async def q() -> dict[str, int]:
    return {}


@router.get("/r")
async def r() -> None: ...


@router.get("/s")
async def s():
    return RedirectResponse("/items/a")


@router.get("/t")
async def t() -> Item | Response:
    return Item(name="t")


@router.get("/u")
async def u() -> list[Item]:
    return []


@router.get("/v")
async def v():
    async def rows():
        yield "v"

    return StreamingResponse(rows())


@hidden.get("/w")
async def w():
    return {}
# file: app/main.py
from typing import Any

from fastapi import FastAPI

from app import items

app = FastAPI()
app.include_router(items.router)
app.include_router(items.hidden)


def health():
    return {"status": "ok"}


app.add_api_route("/health", health)  # expect: RW202
