# Login, token, registration, reset, refresh, logout, health and contact are for strangers.
from typing import Annotated

from fastapi import APIRouter, Depends, FastAPI, Header, HTTPException, Request
from fastapi.security import OAuth2PasswordBearer

oauth2_scheme = OAuth2PasswordBearer(tokenUrl="token")


async def get_current_user(token: Annotated[str, Depends(oauth2_scheme)]) -> str:
    return token


app = FastAPI()


@app.get("/me")
async def read_me(user: Annotated[str, Depends(get_current_user)]) -> str:
    return user


@app.post("/login")
async def login() -> None: ...


@app.post("/token")
async def token() -> None: ...


@app.post("/auth/register")
async def register() -> None: ...


@app.post("/password-reset")
async def reset_password() -> None: ...


@app.post("/auth/refresh")
async def refresh() -> None: ...


@app.post("/logout")
async def logout() -> None: ...


@app.post("/health")
async def health() -> None: ...


@app.post("/contact")
async def contact() -> None: ...


@app.post("/public/votes")
async def vote() -> None: ...


@app.post("/notes")  # expect: RW601
async def create_note() -> None: ...
