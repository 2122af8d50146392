# Coroutines that nobody awaits, in handlers, services, conditions and answers
# file: app/__init__.py
# file: app/mail.py
import asyncio


class Mailer:
    async def send(self, to: str) -> bool:
        await asyncio.sleep(0)
        return bool(to)


async def notify(name: str) -> None:
    await asyncio.sleep(0)


async def load(key: int) -> dict[str, str]:
    return {"key": str(key)}


def start(name: str) -> "asyncio.Task[None]":
    return asyncio.create_task(notify(name))


def handed_back(key: int):
    return load(key)
# file: app/main.py
import asyncio
from typing import Annotated, Any

from fastapi import APIRouter, BackgroundTasks, Depends, FastAPI, HTTPException
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine

from app import mail
from app.mail import Mailer, load, notify

make_session = async_sessionmaker(create_async_engine("postgresql+asyncpg://db/shop"))
router = APIRouter()


async def get_db():
    async with make_session() as session:
        yield session


Db = Annotated[AsyncSession, Depends(get_db)]


@router.post("/a")
async def a(name: str) -> None:
    notify(name)  # expect: RW311


@router.post("/b")
async def b(name: str, mailer: Annotated[Mailer, Depends()]) -> None:
    mailer.send(name)  # expect: RW311


@router.get("/c/{key}")
async def c(key: int) -> str:
    found = load(key)  # expect: RW311
    return found["key"]


@router.get("/d/{key}")
async def d(key: int, mailer: Annotated[Mailer, Depends()]) -> str:
    if mailer.send("d"):  # expect: RW311
        return "sent"
    return "not"


@router.post("/e")
async def e(db: Db) -> None:
    db.commit()  # expect: RW311


@router.get("/f/{key}")
async def f(key: int) -> Any:
    return {"item": load(key)}  # expect: RW311


@router.post("/g")
async def g(db: Db) -> None:
    if not load(1):  # expect: RW311
        raise HTTPException(404)
    asyncio.sleep(1)  # expect: RW311


@router.get("/h/{key}")
async def h(key: int) -> Any:
    return load(key)  # expect: RW311


@router.post("/i")
async def i(name: str, tasks: BackgroundTasks) -> None:
    tasks.add_task(notify, name)
    task = asyncio.create_task(notify(name))
    await asyncio.gather(load(1), task)
    async with asyncio.TaskGroup() as group:
        group.create_task(notify(name))
    mail.start(name)


@router.get("/j/{key}")
async def j(key: int) -> Any:
    pending = load(key)
    other = mail.handed_back(key)
    return [await pending, await other]


@router.get("/k")
async def k() -> Any:
    jobs = [load(n) for n in range(3)]
    return await asyncio.gather(*jobs)


@router.get("/l")
async def l() -> Any:
    return await asyncio.wait_for(load(1), timeout=1)


app = FastAPI()
app.include_router(router)
