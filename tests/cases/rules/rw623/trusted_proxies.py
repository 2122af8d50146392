# Where the proxy is checked first, or the server does it, nothing is wrong.
from fastapi import FastAPI, HTTPException, Request

app = FastAPI()
TRUSTED_PROXIES = {"10.0.0.1"}


@app.get("/a")
async def a(request: Request) -> None:
    address = request.client.host
    if address in TRUSTED_PROXIES:
        address = request.headers.get("X-Forwarded-For", address)
    if address not in {"10.0.0.7"}:
        raise HTTPException(403)


@app.get("/b")
async def b(request: Request) -> None:
    if request.client.host not in {"10.0.0.7"}:
        raise HTTPException(403)
