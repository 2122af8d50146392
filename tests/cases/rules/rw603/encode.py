# Every token that is issued needs `exp`, long-lived ones too.
from datetime import datetime, timedelta, timezone

import jwt
from fastapi import FastAPI

from settings import settings

app = FastAPI()


def create_token(data: dict, lifetime: timedelta) -> str:
    claims = data.copy()
    claims.update({"exp": datetime.now(timezone.utc) + lifetime})
    return jwt.encode(claims, settings.key, algorithm="HS256")


def create_api_key(name: str) -> str:
    claims = {"sub": name, "kind": "key"}
    return jwt.encode(claims, settings.key, algorithm="HS256")  # expect: RW603


def sign(data: dict) -> str:
    return jwt.encode(data, settings.key, algorithm="HS256")  # expect: RW603


def pass_on(claims: dict) -> str:
    return jwt.encode(claims, settings.key, algorithm="HS256")


@app.post("/tokens")
async def issue(name: str) -> list[str]:
    return [
        create_token({"sub": name}, timedelta(minutes=5)),
        create_api_key(name),
        sign({"sub": name}),
        pass_on(settings.claims),
    ]
