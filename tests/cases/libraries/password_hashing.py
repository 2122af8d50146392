# bcrypt, passlib and hashlib's key derivation; plain digests and comparisons are silent.
import asyncio
import hashlib
import hmac

import bcrypt
from fastapi import FastAPI
from passlib.context import CryptContext

app = FastAPI()
context = CryptContext(schemes=["bcrypt"], deprecated="auto")


def verify(plain: str, hashed: str) -> bool:
    return context.verify(plain, hashed)


@app.post("/bcrypt")
async def with_bcrypt(password: str) -> bool:
    hashed = bcrypt.hashpw(password.encode(), bcrypt.gensalt())  # expect: RW306
    return bcrypt.checkpw(password.encode(), hashed)  # expect: RW306


@app.post("/passlib")
async def with_passlib(password: str, hashed: str) -> str:
    if verify(password, hashed):  # expect: RW306
        return context.hash(password)  # expect: RW306
    return ""


@app.post("/thread")
async def in_thread(password: str, hashed: str) -> bool:
    return await asyncio.to_thread(verify, password, hashed)


@app.post("/digest")
async def digest(text: str, other: str) -> bool:
    made = hashlib.sha256(text.encode()).hexdigest()
    return hmac.compare_digest(made, other)


@app.post("/scrypt")
async def scrypt(password: str) -> str:
    key = hashlib.scrypt(password.encode(), salt=b"salt1234", n=2**14, r=8, p=1)  # expect: RW306
    return key.hex()
