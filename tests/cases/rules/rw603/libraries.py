# Tokens of PyJWT, python-jose, Authlib and joserfc, in helpers and token classes
# file: app/__init__.py
# file: app/tokens.py
from datetime import datetime, timedelta, timezone
from typing import Any

import jwt as pyjwt
from authlib.jose import JsonWebToken, jwt as authlib_jwt
from jose import jwt as jose_jwt
from jwt import decode as decode_token

ALGORITHM = "HS256"
OPTIONS = {"verify_signature": False}


def create_access_token(data: dict[str, Any], expires: timedelta | None = None) -> str:
    to_encode = data.copy()
    to_encode.update({"exp": datetime.now(timezone.utc) + (expires or timedelta(minutes=15))})
    return pyjwt.encode(to_encode, "key", algorithm=ALGORITHM)


def create_api_token(user_id: int) -> str:
    payload = {"sub": str(user_id), "iat": datetime.now(timezone.utc)}
    return jose_jwt.encode(payload, "key", algorithm=ALGORITHM)  # expect: RW603


def create_second(user_id: int) -> bytes:
    return authlib_jwt.encode({"alg": "HS256"}, {"sub": user_id}, "key")  # expect: RW603


def create_claims(user_id: int) -> dict[str, Any]:
    return {"sub": user_id, "type": "access"}


def create_from_helper(user_id: int) -> str:
    return pyjwt.encode(create_claims(user_id), "key", ALGORITHM)  # expect: RW603


class Tokens:
    def __init__(self, key: str) -> None:
        self.key = key

    def issue(self, subject: str, **claims: Any) -> str:
        now = datetime.now(timezone.utc)
        body = {"sub": subject, "iat": now, "exp": now + timedelta(hours=1), **claims}
        return pyjwt.encode(body, self.key, algorithm=ALGORITHM)

    def issue_forever(self, subject: str) -> str:
        body: dict[str, Any] = {"sub": subject}
        body["scope"] = "all"
        return pyjwt.encode(body, self.key, algorithm=ALGORITHM)  # expect: RW603

    def read(self, token: str) -> dict[str, Any]:
        return pyjwt.decode(token, self.key, algorithms=[ALGORITHM])

    def read_any(self, token: str) -> dict[str, Any]:
        return pyjwt.decode(token, self.key)  # expect: RW603

    def read_unchecked(self, token: str) -> dict[str, Any]:
        return pyjwt.decode(token, options=OPTIONS)  # expect: RW603

    def read_none(self, token: str) -> dict[str, Any]:
        return pyjwt.decode(token, self.key, algorithms=["HS256", "none"])  # expect: RW603

    def read_jose(self, token: str) -> dict[str, Any]:
        return jose_jwt.decode(token, self.key, options={"verify_signature": False})  # expect: RW603

    def read_jose_algorithm(self, token: str) -> dict[str, Any]:
        return jose_jwt.decode(token, self.key, ALGORITHM)

    def read_claims(self, token: str) -> dict[str, Any]:
        return jose_jwt.get_unverified_claims(token)  # expect: RW603

    def read_imported(self, token: str) -> dict[str, Any]:
        return decode_token(token, self.key, options=dict(verify_signature=False))  # expect: RW603

    def key_id(self, token: str) -> str:
        header = pyjwt.get_unverified_header(token)
        return str(header["kid"])

    def read_authlib(self, token: str) -> Any:
        return JsonWebToken(["HS256"]).decode(token, self.key)

    def read_negative(self, token: str) -> dict[str, Any]:
        return pyjwt.decode(token, self.key, algorithms=[ALGORITHM], options={"verify_exp": True})


def never_called_with_claims(claims: dict[str, Any]) -> str:
    return pyjwt.encode(claims, "key", algorithm=ALGORITHM)
# file: app/main.py
from typing import Any

from fastapi import FastAPI

from app import tokens
from app.tokens import Tokens

app = FastAPI()
issuer = Tokens("key")


@app.post("/token")
async def token(name: str) -> list[Any]:
    return [
        tokens.create_access_token({"sub": name}),
        tokens.create_api_token(1),
        tokens.create_second(1),
        tokens.create_from_helper(1),
        issuer.issue(name),
        issuer.issue_forever(name),
    ]


@app.get("/me")
async def me(token: str) -> list[Any]:
    return [
        issuer.read(token),
        issuer.read_any(token),
        issuer.read_unchecked(token),
        issuer.read_none(token),
        issuer.read_jose(token),
        issuer.read_claims(token),
        issuer.read_jose_algorithm(token),
        issuer.read_imported(token),
        issuer.key_id(token),
        issuer.read_authlib(token),
        issuer.read_negative(token),
    ]
