# Shadowing over prefixes, include orders, methods and convertors
# file: app/__init__.py
# file: app/users.py
from uuid import UUID

from fastapi import APIRouter

router = APIRouter(prefix="/users")


@router.get("/{user_id}")
async def read(user_id: int) -> int:
    return user_id


@router.get("/me")  # expect: RW407
async def me() -> str:
    return "me"


@router.post("/me")
async def change_me() -> None: ...


@router.get("/{user_id}/posts")
async def posts(user_id: int) -> list[str]:
    return []


@router.get("/me/posts")  # expect: RW407
async def my_posts() -> list[str]:
    return []


@router.get("/{user_id}/posts/{post_id}")
async def post(user_id: int, post_id: int) -> int:
    return post_id


@router.delete("/{user_id}")
async def delete(user_id: UUID) -> None: ...


@router.delete("/{name}/avatar")
async def delete_avatar(name: str) -> None: ...
# file: app/files.py
from fastapi import APIRouter

wild = APIRouter()
tame = APIRouter(prefix="/files")
numbered = APIRouter(prefix="/numbered")


@wild.get("/files/{path:path}")
async def anything(path: str) -> str:
    return path


@tame.get("/list")  # expect: RW407
async def listed() -> list[str]:
    return []


@tame.get("/{key}/meta")  # expect: RW407
async def meta(key: str) -> str:
    return key


@numbered.get("/{key:int}")
async def by_number(key: int) -> int:
    return key


@numbered.get("/latest")
async def latest() -> str:
    return "latest"
# file: app/main.py
from fastapi import FastAPI

from app import files, users

app = FastAPI()
app.include_router(users.router, prefix="/api")
app.include_router(files.wild)
app.include_router(files.tame)
app.include_router(files.numbered)


@app.get("/{page}")
async def page(page: str) -> str:
    return page


@app.get("/about")  # expect: RW407
async def about() -> str:
    return "about"


@app.get("/")
async def root() -> str:
    return "root"
