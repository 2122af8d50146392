# A webhook is silent where it checks the signature, not by its name.
from typing import Annotated

import hmac

from fastapi import APIRouter, Depends, FastAPI, Header, HTTPException, Request
from fastapi.security import OAuth2PasswordBearer

oauth2_scheme = OAuth2PasswordBearer(tokenUrl="token")


async def get_current_user(token: Annotated[str, Depends(oauth2_scheme)]) -> str:
    return token


app = FastAPI()


@app.get("/me")
async def read_me(user: Annotated[str, Depends(get_current_user)]) -> str:
    return user


@app.post("/webhooks/shop")
async def signed(request: Request, x_signature: Annotated[str, Header()]) -> None:
    body = await request.body()
    made = hmac.new(b"key", body, "sha256").hexdigest()
    if not hmac.compare_digest(made, x_signature):
        raise HTTPException(400)


@app.post("/webhooks/bank")  # expect: RW601
async def unsigned(request: Request) -> None:
    await request.body()
