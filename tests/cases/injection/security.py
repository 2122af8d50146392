# Security() dependencies with scopes.
import hashlib
from typing import Annotated

from fastapi import FastAPI, HTTPException, Security
from fastapi.security import OAuth2PasswordBearer, SecurityScopes

app = FastAPI()
scheme = OAuth2PasswordBearer(tokenUrl="token", scopes={"read": "Read"})


def derive(token: str) -> bytes:
    return hashlib.pbkdf2_hmac("sha256", token.encode(), b"salt", 500_000)


async def user(scopes: SecurityScopes, token: Annotated[str, Security(scheme)]) -> str:
    key = derive(token)  # expect: RW306
    if not key or "write" in scopes.scopes:
        raise HTTPException(403)
    return hashlib.sha256(token.encode()).hexdigest()


@app.get("/me")
async def me(current: Annotated[str, Security(user, scopes=["read"])]) -> str:
    return current
