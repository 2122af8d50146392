# Forwarded addresses behind limits, lists and locks, through helpers, keys and middleware
# file: app/__init__.py
# file: app/address.py
from fastapi import Request


def client_ip(request: Request) -> str:
    forwarded = request.headers.get("X-Forwarded-For")  # expect: RW623
    if forwarded:
        return forwarded.split(",")[0].strip()
    return request.client.host if request.client else "unknown"


def key_of(request: Request) -> str:
    return request.headers.get("x-real-ip", "anonymous")  # expect: RW623


def for_log(request: Request) -> str:
    return request.headers.get("X-Forwarded-For", "-")
# file: app/limits.py
import time
from collections import defaultdict

from fastapi import HTTPException, Request
from redis.asyncio import Redis
from slowapi import Limiter
from starlette.middleware.base import BaseHTTPMiddleware, RequestResponseEndpoint
from starlette.responses import JSONResponse, Response

from app.address import client_ip, key_of

limiter = Limiter(key_func=key_of)
redis = Redis()
BLOCKED = {"203.0.113.9"}


class Limited(BaseHTTPMiddleware):
    hits: dict[str, list[float]] = defaultdict(list)

    async def dispatch(self, request: Request, call_next: RequestResponseEndpoint) -> Response:
        address = client_ip(request)
        recent = [t for t in self.hits[address] if t > time.time() - 60]
        if len(recent) > 100:
            return JSONResponse({"detail": "too many"}, status_code=429)
        return await call_next(request)


async def login_attempts(request: Request) -> None:
    address = request.headers.get("X-Real-IP")  # expect: RW623
    count = await redis.incr(f"login:{address}")
    if count > 5:
        raise HTTPException(429)


async def not_blocked(request: Request) -> None:
    address = request.headers["x-forwarded-for"]  # expect: RW623
    if address in BLOCKED:
        raise HTTPException(403)
# file: app/main.py
import logging
from typing import Annotated

from fastapi import Depends, FastAPI, Header, HTTPException, Request

from app import address, limits

app = FastAPI(dependencies=[Depends(limits.not_blocked)])
app.add_middleware(limits.Limited)
OFFICE = "198.51.100.7"
log = logging.getLogger(__name__)


@app.post("/login", dependencies=[Depends(limits.login_attempts)])
async def login(request: Request) -> str:
    log.info("login from %s", address.for_log(request))
    return "in"


@app.get("/admin")
async def admin(x_forwarded_for: Annotated[str | None, Header()] = None) -> str:  # expect: RW623
    if x_forwarded_for != OFFICE:
        raise HTTPException(403)
    return "admin"


@app.get("/search")
@limits.limiter.limit("5/minute")
async def search(request: Request) -> str:
    return "found"


@app.get("/audit")
async def audit(request: Request) -> dict[str, str]:
    return {"ip": request.headers.get("x-forwarded-for", "")}
