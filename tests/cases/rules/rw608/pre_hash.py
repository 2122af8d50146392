# SHA-256 as a pre-hash before bcrypt is silent.
import base64
import hashlib

import bcrypt
from fastapi import FastAPI

app = FastAPI()


def hash_password(password: str) -> bytes:
    digest = base64.b64encode(hashlib.sha256(password.encode()).digest())
    return bcrypt.hashpw(digest, bcrypt.gensalt())


@app.post("/users")
async def create(password: str) -> str:
    return hash_password(password).decode()
