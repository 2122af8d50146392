# Module-level state that handlers change, and what belongs to one process
# file: app/__init__.py
# file: app/store.py
import asyncio
from collections import Counter, OrderedDict, defaultdict, deque

ITEMS: dict[int, str] = {}
LOG: list[str] = []
VISITS: Counter[str] = Counter()
QUEUES: dict[str, list[str]] = defaultdict(list)
recent: deque[str] = deque(maxlen=10)
names: set[str] = set()
ordered: OrderedDict[int, str] = OrderedDict()
total = 0
lock = asyncio.Lock()
user_cache: dict[int, str] = {}
tasks: set[asyncio.Task[None]] = set()
LIMITS = {"page": 10}
# file: app/main.py
import asyncio
from typing import Any

from fastapi import APIRouter, FastAPI, Request, WebSocket

from app import store
from app.store import ITEMS, LOG, QUEUES, VISITS, names, ordered, recent, tasks

router = APIRouter()
counter = 0
last_id: int = 0
sockets: list[WebSocket] = []


@router.post("/a/{key}")
async def a(key: int, name: str) -> None:
    ITEMS[key] = name  # expect: RW507
    LOG.append(name)  # expect: RW507


@router.post("/b")
async def b(name: str) -> None:
    VISITS[name] += 1  # expect: RW507
    QUEUES[name].append(name)  # expect: RW507
    recent.appendleft(name)  # expect: RW507
    names.add(name)  # expect: RW507


@router.delete("/c/{key}")
def c(key: int) -> None:
    del store.ITEMS[key]  # expect: RW507
    store.ordered.pop(key, None)  # expect: RW507


@router.post("/d")
async def d() -> int:
    global counter
    counter += 1  # expect: RW507
    return counter


@router.post("/e")
async def e() -> int:
    global last_id
    last_id = last_id + 1  # expect: RW507
    return last_id


@router.post("/f")
async def f() -> None:
    store.total += 1  # expect: RW507


@router.put("/g/{key}")
async def g(key: int, name: str) -> None:
    ITEMS.update({key: name})  # expect: RW507
    ITEMS.setdefault(key, name)  # expect: RW507


@router.post("/h")
async def h(key: int, name: str) -> None:
    async with store.lock:
        store.ITEMS[key] = name


@router.post("/i")
async def i(key: int, name: str) -> None:
    store.user_cache[key] = name


@router.websocket("/j")
async def j(websocket: WebSocket) -> None:
    await websocket.accept()
    sockets.append(websocket)
    sockets.remove(websocket)


@router.post("/k")
async def k() -> None:
    task = asyncio.create_task(asyncio.sleep(1))
    tasks.add(task)


@router.post("/l")
async def l(request: Request) -> dict[str, Any]:
    found: dict[str, Any] = {}
    found["limit"] = store.LIMITS["page"]
    request.app.state.seen = True
    request.app.state.hits["l"] = 1
    return found


app = FastAPI()
app.include_router(router)
