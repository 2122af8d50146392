# For a limit or for access; for the log it is silent. The finding stands on the read.
import logging

from fastapi import FastAPI, HTTPException, Request

log = logging.getLogger(__name__)
app = FastAPI()
BANNED = {"10.0.0.9"}
hits: dict[str, int] = {}


def address_of(request: Request) -> str:
    forwarded = request.headers.get("x-forwarded-for")  # expect: RW623
    if forwarded:
        return forwarded.split(",")[0]
    return request.client.host


def is_limited(address: str) -> bool:
    hits[address] = hits.get(address, 0) + 1
    return hits[address] > 10


@app.get("/a")
async def a(request: Request) -> None:
    if is_limited(address_of(request)):
        raise HTTPException(429)


@app.get("/b")
async def b(request: Request) -> None:
    if request.headers["X-Real-IP"] in BANNED:  # expect: RW623
        raise HTTPException(403)


@app.get("/c")
async def c(request: Request) -> None:
    log.info("from %s", request.headers.get("X-Forwarded-For"))
