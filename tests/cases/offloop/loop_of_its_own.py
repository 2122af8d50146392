# Coroutines given to a loop that the code itself runs in a thread are not the server's.
import asyncio
import threading
import time

from fastapi import FastAPI

app = FastAPI()
server_loop: asyncio.AbstractEventLoop


async def nap() -> None:
    time.sleep(1)


async def nap_here() -> None:
    time.sleep(1)  # expect: RW303


class Portal:
    def __init__(self) -> None:
        self._loop: asyncio.AbstractEventLoop | None = None
        self.thread = threading.Thread(target=self._run)

    def _run(self) -> None:
        asyncio.run(self._serve())

    async def _serve(self) -> None:
        self._loop = asyncio.get_running_loop()
        await asyncio.Event().wait()

    def submit(self) -> None:
        assert self._loop is not None
        asyncio.run_coroutine_threadsafe(nap(), self._loop)


own = asyncio.new_event_loop()
threading.Thread(target=own.run_forever, daemon=True).start()
portal = Portal()


@app.on_event("startup")
async def remember() -> None:
    global server_loop
    server_loop = asyncio.get_running_loop()


@app.get("/portal")
async def through_portal() -> None:
    portal.submit()


@app.get("/own")
async def through_own() -> None:
    asyncio.run_coroutine_threadsafe(nap(), own)


@app.get("/back")
def back() -> None:
    asyncio.run_coroutine_threadsafe(nap_here(), server_loop)
