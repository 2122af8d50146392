# Fast hashes of passwords; checksums of other things are silent.
import hashlib

from fastapi import FastAPI
from pydantic import BaseModel


class Login(BaseModel):
    name: str
    password: str


app = FastAPI()


def hash_password(password: str, salt: str) -> str:
    salted = password + salt
    return hashlib.sha256(salted.encode()).hexdigest()  # expect: RW608


def old_hash(pwd: str) -> str:
    return hashlib.md5(pwd.encode("utf-8")).hexdigest()  # expect: RW608


def etag(content: bytes) -> str:
    return hashlib.md5(content).hexdigest()


def slow(password: str) -> bytes:
    return hashlib.pbkdf2_hmac("sha256", password.encode(), b"salt", 600_000)


@app.post("/login")
async def login(data: Login) -> str:
    hash_password(data.password, "x")
    old_hash(data.password)
    slow(data.password)
    return etag(data.name.encode())
