# A digest that is said not to be for security, and a service that knows leaked passwords.
import hashlib

import httpx
from fastapi import FastAPI

app = FastAPI()


@app.post("/a")
async def a(password: str) -> str:
    return hashlib.sha1(password.encode(), usedforsecurity=False).hexdigest()


@app.post("/b")
async def b(password: str) -> bool:
    digest = hashlib.sha1(password.encode()).hexdigest().upper()
    async with httpx.AsyncClient() as client:
        answer = await client.get(f"https://api.pwnedpasswords.com/range/{digest[:5]}")
    return digest[5:] in answer.text
