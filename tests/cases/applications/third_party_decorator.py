# A route under a decorator of a library is still a route.
import time

from fastapi import FastAPI, Request
from slowapi import Limiter
from slowapi.util import get_remote_address

limiter = Limiter(key_func=get_remote_address)
app = FastAPI()
app.state.limiter = limiter


@app.get("/limited")
@limiter.limit("5/minute")
async def limited(request: Request) -> str:
    time.sleep(0.1)  # expect: RW303
    return "limited"


@app.get("/pool")
@limiter.limit("5/minute")
def pool(request: Request) -> str:
    time.sleep(0.1)
    return "pool"
