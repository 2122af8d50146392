# What is signed is the raw body: reading it again as JSON is no missing schema
import hmac

from fastapi import FastAPI, HTTPException, Request

app = FastAPI()
KEY = b"..."


@app.post("/hooks/{provider}")
async def receive(provider: str, request: Request) -> None:
    raw = await request.body()
    if not hmac.compare_digest(
        hmac.digest(KEY, raw, "sha256").hex(), request.headers["x-sign"]
    ):
        raise HTTPException(403)
    print(provider, (await request.json())["kind"])


@app.post("/orders")
async def order(request: Request) -> None:
    print((await request.json())["kind"])  # expect: RW201
