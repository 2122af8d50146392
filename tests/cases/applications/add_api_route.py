# Routes added by calls: the same functions, async and def.
import time

from fastapi import APIRouter, FastAPI


async def on_loop() -> str:
    time.sleep(0.1)  # expect: RW303
    return "loop"


def in_pool() -> str:
    time.sleep(0.1)
    return "pool"


async def many() -> str:
    time.sleep(0.1)  # expect: RW303
    return "many"


async def unregistered() -> str:
    time.sleep(0.1)
    return "nowhere"


app = FastAPI()
router = APIRouter()
router.add_api_route("/loop", on_loop, methods=["GET"])
router.add_api_route("/pool", endpoint=in_pool, methods=["GET"])
app.include_router(router)
for path in ("/many", "/more"):
    app.add_api_route(path, many, methods=["GET"])
