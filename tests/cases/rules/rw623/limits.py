# The address that a limiter or an access list goes by
# file: app/__init__.py
# file: app/address.py
from fastapi import Request


def address(request: Request) -> str:
    forwarded = request.headers.get("X-Forwarded-For")  # expect: RW623
    if forwarded:
        return forwarded.split(",")[0].strip()
    return request.client.host


def shown(request: Request) -> str:
    return request.headers.get("x-real-ip", "")
# file: app/main.py
import logging
from ipaddress import ip_address, ip_network

from fastapi import Depends, FastAPI, HTTPException, Request
from slowapi import Limiter

from app.address import address, shown

log = logging.getLogger(__name__)
limiter = Limiter(key_func=address)
app = FastAPI()
INSIDE = ip_network("10.0.0.0/8")


async def inside(request: Request) -> None:
    host = request.headers.get("X-Real-IP") or request.client.host  # expect: RW623
    if ip_address(host) not in INSIDE:
        raise HTTPException(403)


@app.post("/login")
@limiter.limit("5/minute")
async def login(request: Request) -> None:
    log.info("login from %s", shown(request))


@app.get("/metrics", dependencies=[Depends(inside)])
async def metrics() -> str:
    return ""
