# What a function hashes that is named for passwords, whatever its parameter is named.
import hashlib

from fastapi import FastAPI

app = FastAPI()


def hash_password(p: str) -> str:
    return hashlib.sha256(p.encode()).hexdigest()  # expect: RW608


def cache_key(smtp_password: str) -> str:
    return hashlib.sha256(smtp_password.encode()).hexdigest()


@app.post("/users")
async def create(p: str) -> str:
    return hash_password(p) + cache_key(p)
