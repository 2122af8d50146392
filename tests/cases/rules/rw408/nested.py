# The same route twice: over prefixes, routers, ways of declaring and includes
# file: app/__init__.py
# file: app/users.py
from fastapi import APIRouter

router = APIRouter(prefix="/users")
second = APIRouter()


@router.get("/{user_id}")
async def read(user_id: int) -> int:
    return user_id


@router.get("/{key}")
async def read_again(key: int) -> int:
    return key


@router.put("/{user_id}")
async def change(user_id: int) -> int:
    return user_id


@second.get("/users")  # expect: RW408
async def listed() -> list[str]:
    return []


@router.get("")
async def all_users() -> list[str]:
    return []


async def added() -> None: ...


router.add_api_route("/added", added, methods=["POST", "PUT"])


@router.put("/added")  # expect: RW408
async def added_again() -> None: ...
# file: app/main.py
from fastapi import FastAPI

from app import users

app = FastAPI()
app.include_router(users.router, prefix="/v1")
app.include_router(users.second, prefix="/v1")
app.include_router(users.router, prefix="/v2")


@app.get("/health")
async def health() -> str:
    return "up"


@app.api_route("/health", methods=["GET", "HEAD"])  # expect: RW408
async def health_again() -> str:
    return "up"


@app.websocket("/health")
async def health_socket() -> None: ...
