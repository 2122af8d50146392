# A token that its provider has accepted may be read; one that it sees later, or another, may not
# file: app/__init__.py
# file: app/exchange.py
from typing import Any

import jwt
from authlib.integrations.starlette_client import OAuth
from fastapi import FastAPI, HTTPException, Request
from pydantic import BaseModel

app = FastAPI()
oauth = OAuth()


class Exchange(BaseModel):
    token: str
    other: str


@app.post("/exchange")
async def exchange(request: Request, form: Exchange) -> dict[str, Any]:
    client = oauth.create_client("idp")
    given = {"access_token": form.token, "token_type": "Bearer"}
    user = await client.userinfo(token=given)
    if not user:
        raise HTTPException(401)
    return jwt.decode(form.token, options={"verify_signature": False})


@app.post("/introspected")
async def introspected(request: Request, token: str) -> dict[str, Any]:
    client = oauth.create_client("idp")
    await client.introspect_token("https://idp.example.com/introspect", token=token)
    return jwt.decode(token, options={"verify_signature": False})


@app.post("/another")
async def another(request: Request, form: Exchange) -> dict[str, Any]:
    client = oauth.create_client("idp")
    await client.userinfo(token={"access_token": form.token})
    return jwt.decode(form.other, options={"verify_signature": False})  # expect: RW603


@app.post("/afterwards")
async def afterwards(request: Request, token: str) -> dict[str, Any]:
    client = oauth.create_client("idp")
    claims = jwt.decode(token, options={"verify_signature": False})  # expect: RW603
    await client.userinfo(token={"access_token": token})
    return claims
