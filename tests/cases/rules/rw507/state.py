# Module-level containers and counters that handlers change
# file: app/__init__.py
# file: app/store.py
ORDERS: list[int] = []
count = 0
# file: app/main.py
import asyncio
from collections import defaultdict

from cachetools import TTLCache
from fastapi import FastAPI, WebSocket

from app import store
from app.store import ORDERS

app = FastAPI()
pens: dict[int, str] = {}
names: list[str] = []
seen: set[str] = set()
by_colour: defaultdict[str, int] = defaultdict(int)
total = 0
kept_names: list[str] = []
COLOURS = {"blue": 1}
page_cache: dict[str, str] = {}
kept = TTLCache(maxsize=10, ttl=60)
guarded: dict[str, int] = {}
lock = asyncio.Lock()
connections: set[WebSocket] = set()
sockets: dict[str, WebSocket] = {}
tasks: set[asyncio.Task[None]] = set()


@app.put("/pens/{pen_id}")
async def put_pen(pen_id: int, colour: str) -> None:
    pens[pen_id] = colour  # expect: RW507


@app.delete("/pens/{pen_id}")
async def drop_pen(pen_id: int) -> None:
    del pens[pen_id]  # expect: RW507


@app.post("/names")
async def add_name(name: str) -> int:
    global total
    names.append(name)  # expect: RW507
    seen.add(name)  # expect: RW507
    total += 1  # expect: RW507
    by_colour[name] += 1  # expect: RW507
    return total


@app.post("/orders")
async def add_order(order: int) -> None:
    ORDERS.append(order)  # expect: RW507
    store.ORDERS.append(order)  # expect: RW507
    store.count += 1  # expect: RW507


@app.delete("/kept/{name}")
async def drop_kept(name: str) -> None:
    global kept_names
    kept_names = [kept for kept in kept_names if kept != name]  # expect: RW507


@app.get("/read")
async def read(key: str) -> int:
    found = dict(COLOURS)
    found["red"] = 2
    names = ["a"]
    names.append(key)
    return found.get(key, 0) + COLOURS["blue"] + len(names)


@app.get("/cached")
async def cached(key: str) -> str:
    if key not in page_cache:
        page_cache[key] = key.upper()
    kept[key] = 1
    return page_cache[key]


@app.post("/guarded")
async def guard(key: str) -> None:
    async with lock:
        guarded[key] = guarded.get(key, 0) + 1


@app.websocket("/socket/{name}")
async def talk(socket: WebSocket, name: str) -> None:
    await socket.accept()
    connections.add(socket)
    sockets[name] = socket
    await socket.receive_text()
    connections.discard(socket)
    del sockets[name]


async def work() -> None:
    await asyncio.sleep(1)


@app.post("/work")
async def begin() -> None:
    task = asyncio.create_task(work())
    tasks.add(task)
    task.add_done_callback(tasks.discard)
