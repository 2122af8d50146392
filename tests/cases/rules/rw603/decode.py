# Decoding without algorithms, without verification, or with "none".
import jwt
from fastapi import FastAPI

from settings import settings

app = FastAPI()


@app.get("/a")
async def without_algorithms(token: str) -> str:
    return jwt.decode(token, settings.key)["sub"]  # expect: RW603


@app.get("/b")
async def none_allowed(token: str) -> str:
    claims = jwt.decode(token, settings.key, algorithms=["HS256", "none"])  # expect: RW603
    return claims["sub"]


@app.get("/c")
async def unverified(token: str) -> str:
    options = {"verify_signature": False}
    return jwt.decode(token, options=options)["sub"]  # expect: RW603


@app.get("/d")
async def verified(token: str) -> str:
    return jwt.decode(token, settings.key, ["HS256"])["sub"]


@app.get("/e")
async def chooses_key(token: str) -> str:
    header = jwt.get_unverified_header(token)
    issuer = jwt.decode(token, options={"verify_signature": False})["iss"]
    key = settings.keys[issuer, header["kid"]]
    return jwt.decode(token, key, algorithms=["RS256"])["sub"]
