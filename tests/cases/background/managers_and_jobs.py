# Managers of connections, schedulers and background work.
# file: app/__init__.py
# file: app/manager.py
import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor, as_completed
from queue import Queue

import redis
from sqlalchemy import create_engine, text

engine = create_engine("postgresql://x")
pool = ThreadPoolExecutor()
cache = redis.Redis()


class Manager:
    def __init__(self):
        self.active = []
        self.lock = threading.Lock()
        self.pubsub = cache.pubsub()

    async def connect(self, socket):
        await socket.accept()
        with self.lock:  # expect: RW307
            self.active.append(socket)

    async def broadcast(self, message):
        cache.publish("chat", message)  # expect: RW302
        for socket in self.active:
            await socket.send_text(message)

    async def pump(self):
        while True:
            message = self.pubsub.get_message(timeout=1)  # expect: RW302
            if message:
                await self.broadcast(message)
            await asyncio.sleep(0)

    def persist(self, message):
        with engine.begin() as connection:
            connection.execute(text("insert"), {"m": message})


class Jobs:
    def __init__(self):
        self.queue = Queue()
        self.futures = []

    def submit(self, function, *args):
        future = pool.submit(function, *args)
        self.futures.append(future)
        return future

    def wait(self):
        return [future.result() for future in as_completed(self.futures)]

    def next(self):
        return self.queue.get()

    def peek(self):
        return self.queue.get_nowait()


manager = Manager()
jobs = Jobs()
# file: app/main.py
import asyncio
from contextlib import asynccontextmanager

from app.manager import jobs, manager
from fastapi import BackgroundTasks, Depends, FastAPI, WebSocket, WebSocketDisconnect


@asynccontextmanager
async def lifespan(app):
    task = asyncio.create_task(manager.pump())
    yield
    task.cancel()


app = FastAPI(lifespan=lifespan)


@app.websocket("/ws")
async def ws(socket: WebSocket):
    await manager.connect(socket)
    try:
        while True:
            data = await socket.receive_text()
            await manager.broadcast(data)
            manager.persist(data)  # expect: RW302
    except WebSocketDisconnect:
        pass


async def save(message):
    manager.persist(message)  # expect: RW302


def save_sync(message):
    manager.persist(message)


@app.post("/say")
async def say(message: str, tasks: BackgroundTasks):
    tasks.add_task(save, message)
    tasks.add_task(save_sync, message)
    jobs.submit(save_sync, message)
    loop = asyncio.get_running_loop()
    await loop.run_in_executor(None, lambda: manager.persist(message))
    return jobs.peek()


@app.get("/wait")
async def wait():
    jobs.wait()  # expect: RW307
    future = jobs.submit(save_sync, "x")
    await asyncio.wrap_future(future)
    return jobs.next()  # expect: RW307
