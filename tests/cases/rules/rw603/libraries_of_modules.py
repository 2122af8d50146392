# Tokens of several libraries, in a service of security
# file: app/__init__.py
# file: app/tokens.py
from datetime import UTC, datetime, timedelta

import jwt
from jose import jwt as jose_jwt

ALGORITHM = "HS256"
LIFETIME = timedelta(minutes=15)


def claims(subject: str, lifetime: timedelta | None = None) -> dict:
    now = datetime.now(UTC)
    payload = {"sub": subject, "iat": now}
    if lifetime:
        payload["exp"] = now + lifetime
    return payload


class Tokens:
    def __init__(self, key: str) -> None:
        self.key = key

    def access(self, subject: str) -> str:
        payload = {"sub": subject}
        payload.update({"exp": datetime.now(UTC) + LIFETIME})
        return jwt.encode(payload, self.key, algorithm=ALGORITHM)

    def refresh(self, subject: str) -> str:
        return jwt.encode({"sub": subject, "type": "refresh"}, self.key, ALGORITHM)  # expect: RW603

    def read(self, token: str) -> dict:
        return jwt.decode(token, self.key, algorithms=[ALGORITHM])

    def peek(self, token: str) -> dict:
        return jwt.decode(token, options={"verify_signature": False})  # expect: RW603

    def any(self, token: str) -> dict:
        return jose_jwt.decode(token, self.key, algorithms=["HS256", "none"])  # expect: RW603

    def key_of(self, token: str) -> str:
        return jwt.get_unverified_header(token)["kid"]
# file: app/main.py
from typing import Annotated

from fastapi import Depends, FastAPI

from app.tokens import Tokens

app = FastAPI()


def tokens() -> Tokens:
    return Tokens("k")


Given = Annotated[Tokens, Depends(tokens)]


@app.post("/token")
async def token(name: str, given: Given) -> list[str]:
    return [given.access(name), given.refresh(name)]


@app.get("/me")
async def me(token: str, given: Given) -> list[dict]:
    return [given.read(token), given.peek(token), given.any(token), {"k": given.key_of(token)}]
