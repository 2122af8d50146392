# What an earlier path takes, within a router, across includes and with convertors
# file: app/__init__.py
# file: app/users.py
from fastapi import APIRouter

router = APIRouter(prefix="/users")


@router.get("/{user_id}")
async def read_user(user_id: int) -> int:
    return user_id


@router.get("/me")  # expect: RW407
async def read_me() -> int:
    return 0


@router.post("/me")
async def change_me() -> int:
    return 0


@router.get("/{name}")  # expect: RW407
async def read_by_name(name: str) -> str:
    return name


@router.get("/{user_id}/pens")
async def read_pens(user_id: int) -> int:
    return user_id


@router.get("/me/")
async def read_me_with_slash() -> int:
    return 0


@router.api_route("/{any_id}", methods=["GET", "PUT"])
async def any_method(any_id: int) -> int:
    return any_id


@router.put("/me")  # expect: RW407
async def put_me() -> int:
    return 0
# file: app/items.py
from fastapi import APIRouter

router = APIRouter(prefix="/items")


@router.get("/{item_id:int}")
async def read_item(item_id: int) -> int:
    return item_id


@router.get("/newest")
async def read_newest() -> int:
    return 0


@router.get("/7")  # expect: RW407
async def read_seven() -> int:
    return 7


@router.get("/files/{path:path}")
async def read_file(path: str) -> str:
    return path


@router.get("/files/a/b")  # expect: RW407
async def read_a_b() -> int:
    return 0


@router.get("/{word}/x-{number}")
async def read_number(word: str, number: int) -> int:
    return number


@router.get("/a/y-{number}")
async def read_other(number: int) -> int:
    return number
# file: app/pages.py
from fastapi import APIRouter

router = APIRouter()


@router.get("/{page}")
async def read_page(page: str) -> str:
    return page
# file: app/late.py
from fastapi import APIRouter

router = APIRouter()


@router.get("/late")  # expect: RW407
async def read_late() -> int:
    return 0
# file: app/main.py
from fastapi import FastAPI

from app import items, late, pages, users

app = FastAPI()


@app.get("/early")
async def read_early() -> int:
    return 0


app.include_router(users.router)
app.include_router(items.router, prefix="/v1")
app.include_router(pages.router)
app.include_router(late.router)


@app.get("/later")  # expect: RW407
async def read_later() -> int:
    return 0
