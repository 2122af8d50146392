# Tokens that are issued to nobody: a trial of a key, and stored data
import jwt
from fastapi import FastAPI

app = FastAPI()


def is_key(key: str) -> bool:
    token = jwt.encode({"some": "payload"}, key, algorithm="HS256")
    return bool(jwt.decode(token, key, algorithms=["HS256"]))


def encrypt(key: str, data: str) -> str:
    return jwt.encode({"data": data}, key, algorithm="HS256")


def issue(key: str) -> str:
    token = jwt.encode({"sub": "1"}, key, algorithm="HS256")  # expect: RW603
    jwt.decode(token, key, algorithms=["HS256"])
    return token


@app.post("/token")
async def token(key: str) -> list[str]:
    return [issue(key), encrypt(key, "x"), str(is_key(key))]
