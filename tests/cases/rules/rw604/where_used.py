# Secrets written where they are used
# file: main.py
import hmac

import boto3
import httpx
import jwt
from fastapi import FastAPI
from sqlalchemy.ext.asyncio import create_async_engine
from starlette.middleware.sessions import SessionMiddleware

from client import client

app = FastAPI()
app.add_middleware(SessionMiddleware, secret_key="9d0f8e7c6b5a43210fed")  # expect: RW604
engine = create_async_engine(
    "mysql+aiomysql://shop:T0psecret@db/shop"  # expect: RW604
)
storage = boto3.client(
    "s3",
    aws_access_key_id="AKIAIOSFODNN7QWERTYU",
    aws_secret_access_key="wJalrXUtnFEMIK7MDENGbPxRfiCYzzQ12345678x",  # expect: RW604
)


@app.get("/token")
async def token(user: str) -> str:
    return jwt.encode(
        {"sub": user, "exp": 1}, "b7f2c1e9d8a04455", algorithm="HS256"  # expect: RW604
    )


@app.get("/signature")
async def signature(text: str) -> str:
    key = b"51f0c3e1a2b94d67"  # expect: RW604
    return hmac.new(key, text.encode(), "sha256").hexdigest()


@app.get("/rates")
async def rates() -> str:
    answer = await client.get("/rates", headers={"Authorization": "Bearer sk_live_8f2d61c09ab34e57"})  # expect: RW604
    return answer.text
# file: client.py
import httpx

client = httpx.AsyncClient(
    base_url="https://rates.example",
    auth=("shop", "Wint3r-Sale-77"),  # expect: RW604
)
