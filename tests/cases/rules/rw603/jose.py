# python-jose, and options that only leave out the audience.
from fastapi import FastAPI
from jose import jwt

from settings import settings

app = FastAPI()


@app.get("/a")
async def unverified(token: str) -> str:
    return jwt.decode(  # expect: RW603
        token,
        settings.key,
        algorithms=["HS256"],
        options={"verify_signature": False},
    )["sub"]


@app.get("/b")
async def no_audience(token: str) -> str:
    options = {"verify_aud": False}
    return jwt.decode(token, settings.key, algorithms=["HS256"], options=options)["sub"]
