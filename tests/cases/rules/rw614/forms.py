# Errors that go out as successes, and those that say so
# file: app/__init__.py
# file: app/main.py
from typing import Any

from fastapi import APIRouter, FastAPI, HTTPException, Response, status
from fastapi.responses import JSONResponse

router = APIRouter()
ITEMS: dict[int, str] = {}


@router.get("/a/{key}")
async def a(key: int) -> Any:
    if key not in ITEMS:
        return {"success": False, "message": "no such item"}  # expect: RW614
    return {"success": True, "item": ITEMS[key]}


@router.get("/b/{key}")
async def b(key: int) -> Any:
    item = ITEMS.get(key)
    if item is None:
        return {"detail": "not found"}, 404  # expect: RW614
    return item


@router.get("/c/{key}")
async def c(key: int) -> Any:
    try:
        return ITEMS[key]
    except KeyError as error:
        return {"error": str(error)}  # expect: RW614


@router.get("/d/{key}")
async def d(key: int) -> Any:
    if key not in ITEMS:
        return {"status": "error", "message": "no such item"}  # expect: RW614
    return {"status": "ok"}


@router.get("/e/{key}")
async def e(key: int, response: Response) -> Any:
    if key not in ITEMS:
        response.status_code = status.HTTP_404_NOT_FOUND
        return {"error": "no such item"}
    return ITEMS[key]


@router.get("/f/{key}")
async def f(key: int) -> Any:
    if key not in ITEMS:
        return JSONResponse({"error": "no such item"}, status_code=404)
    return ITEMS[key]


@router.get("/g/{key}")
async def g(key: int) -> Any:
    if key not in ITEMS:
        raise HTTPException(404, {"error": "no such item"})
    return {"errors": [], "item": ITEMS[key]}


@router.get("/h/{key}")
async def h(key: int) -> Any:
    if key not in ITEMS:
        return JSONResponse({"error": "no such item"})  # expect: RW614
    return ITEMS[key]


@router.get("/i/{key}")
async def i(key: int) -> Any:
    if key not in ITEMS:
        return dict(error="no such item")  # expect: RW614
    return ITEMS[key]


@router.get("/j/{key}")
async def j(key: int) -> Any:
    if key not in ITEMS:
        result = {"error": "no such item"}
        return result  # expect: RW614
    return ITEMS[key]


@router.get("/k")
async def k() -> Any:
    return {"error": None, "items": list(ITEMS)}


app = FastAPI()
app.include_router(router)
