# Limits by slowapi, fastapi-limiter, an own dependency, an own decorator; and none
# file: app/__init__.py
# file: app/limits.py
import time
from collections import defaultdict
from functools import wraps

from fastapi import HTTPException, Request
from slowapi import Limiter
from slowapi.util import get_remote_address

limiter = Limiter(key_func=get_remote_address)
_seen: dict[str, list[float]] = defaultdict(list)


class RateLimit:
    def __init__(self, times: int, seconds: int) -> None:
        self.times = times
        self.seconds = seconds

    async def __call__(self, request: Request) -> None:
        host = request.client.host
        now = time.monotonic()
        _seen[host] = [t for t in _seen[host] if now - t < self.seconds]
        if len(_seen[host]) >= self.times:
            raise HTTPException(429, "Too many requests")
        _seen[host].append(now)


def throttled(function):
    @wraps(function)
    async def wrapper(*args, **kwargs):
        now = time.monotonic()
        if len(_seen["all"]) > 100:
            raise HTTPException(status_code=429)
        _seen["all"].append(now)
        return await function(*args, **kwargs)

    return wrapper
# file: app/auth.py
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.security import OAuth2PasswordRequestForm
from fastapi_limiter.depends import RateLimiter
from pydantic import BaseModel, EmailStr

from app.limits import RateLimit, limiter, throttled

router = APIRouter(prefix="/auth")


class Credentials(BaseModel):
    email: str
    password: str


@router.post("/token")  # expect: RW607
async def token(form: Annotated[OAuth2PasswordRequestForm, Depends()]) -> str:
    return form.username


@router.post("/login", dependencies=[Depends(RateLimiter(times=5, seconds=60))])
async def login(body: Credentials) -> str:
    return body.email


@router.post("/signin")
@limiter.limit("5/minute")
async def signin(request: Request, body: Credentials) -> str:
    return body.email


@router.post("/register", dependencies=[Depends(RateLimit(5, 60))])
async def register(body: Credentials) -> str:
    return body.email


@router.post("/password-reset")
@throttled
async def reset(body: Credentials) -> str:
    return body.email


@router.post("/forgot-password")  # expect: RW607
async def forgot(email: str) -> str:
    return email


@router.post("/otp/verify")  # expect: RW607
async def verify_otp(code: str) -> str:
    return code
# file: app/main.py
from fastapi import FastAPI

from app.auth import router

app = FastAPI()
app.include_router(router, prefix="/api")
