# A header, a basic password and a signature; digests that are compared well are silent.
import hashlib
import hmac
import os
import secrets
from typing import Annotated

from fastapi import Depends, FastAPI, Header, HTTPException, Request
from fastapi.security import HTTPBasic, HTTPBasicCredentials

app = FastAPI()
security = HTTPBasic()
ADMIN_PASSWORD = os.environ["ADMIN_PASSWORD"]
WEBHOOK_SECRET = os.environ["WEBHOOK_SECRET"]


@app.get("/a")
async def a(request: Request) -> None:
    if request.headers.get("X-Token") != os.environ["API_TOKEN"]:  # expect: RW618
        raise HTTPException(401)


@app.get("/b")
async def b(given: Annotated[HTTPBasicCredentials, Depends(security)]) -> None:
    if given.password == ADMIN_PASSWORD:  # expect: RW618
        return
    raise HTTPException(401)


@app.post("/c")
async def c(request: Request, x_signature: Annotated[str, Header()]) -> None:
    body = await request.body()
    made = hmac.new(WEBHOOK_SECRET.encode(), body, hashlib.sha256).hexdigest()
    if made != x_signature:  # expect: RW618
        raise HTTPException(401)


@app.post("/d")
async def d(request: Request, x_signature: Annotated[str, Header()]) -> None:
    made = hmac.new(WEBHOOK_SECRET.encode(), b"", hashlib.sha256).hexdigest()
    if not secrets.compare_digest(made, x_signature):
        raise HTTPException(401)


@app.get("/e")
async def e(token: str | None = None, kind: str = "") -> None:
    if token == "" or kind == os.environ["KIND"]:
        raise HTTPException(401)
