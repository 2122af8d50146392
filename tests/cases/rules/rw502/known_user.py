# Once a dependency knows who asks, another token that a handler decodes is no login
from typing import Annotated

import jwt
from fastapi import Depends, FastAPI, HTTPException
from fastapi.security import OAuth2PasswordBearer

app = FastAPI()
scheme = OAuth2PasswordBearer("/token")
KEY = "..."


async def current_user(token: Annotated[str, Depends(scheme)]) -> str:
    try:
        return jwt.decode(token, KEY, algorithms=["HS256"])["sub"]
    except jwt.PyJWTError as error:
        raise HTTPException(401) from error


@app.get("/guilds")
async def guild(state: str, user: Annotated[str, Depends(current_user)]) -> str:
    return jwt.decode(state, KEY, algorithms=["HS256"])["guild"] + user


@app.get("/pens")
async def pens(token: Annotated[str, Depends(scheme)]) -> str:
    return jwt.decode(token, KEY, algorithms=["HS256"])["sub"]  # expect: RW502
