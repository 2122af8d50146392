# Login and the like, with limiters at every level and with none
# file: app/__init__.py
# file: app/limits.py
from fastapi import HTTPException, Request
from fastapi_limiter.depends import RateLimiter
from slowapi import Limiter
from slowapi.util import get_remote_address

limiter = Limiter(key_func=get_remote_address)
per_minute = RateLimiter(times=5, seconds=60)


class Throttle:
    def __init__(self, times: int) -> None:
        self.times = times

    async def __call__(self, request: Request) -> None:
        if self.times < 1:
            raise HTTPException(status_code=429)
# file: app/auth.py
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.security import OAuth2PasswordRequestForm
from fastapi_limiter.depends import RateLimiter
from pydantic import BaseModel

from app.limits import Throttle, limiter, per_minute

router = APIRouter(prefix="/auth")


class Credentials(BaseModel):
    email: str
    password: str


@router.post("/login")  # expect: RW607
async def login(data: Credentials) -> str:
    return data.email


@router.post("/access-token")  # expect: RW607
async def access_token(form: Annotated[OAuth2PasswordRequestForm, Depends()]) -> str:
    return form.username


@router.post("/signup")  # expect: RW607
async def sign_up(data: Credentials) -> str:
    return data.email


@router.post("/forgot-password")  # expect: RW607
async def forgot_password(email: str) -> None: ...


@router.post("/otp/verify")  # expect: RW607
async def verify_otp(code: str) -> None: ...


@router.post("/limited/login")
@limiter.limit("5/minute")
async def limited_login(request: Request, data: Credentials) -> str:
    return data.email


@router.post("/token", dependencies=[Depends(RateLimiter(times=5, seconds=60))])
async def token(form: OAuth2PasswordRequestForm = Depends()) -> str:
    return form.username


@router.post("/register", dependencies=[Depends(per_minute)])
async def register(data: Credentials) -> str:
    return data.email


@router.post("/reset-password")
async def reset_password(token: str, _: None = Depends(Throttle(3))) -> None: ...


@router.get("/me")
async def me() -> str:
    return "me"
# file: app/main.py
from fastapi import Depends, FastAPI

from app.auth import Credentials, router
from app.limits import Throttle
from app.throttled import router as throttled

app = FastAPI()
app.include_router(router)
app.include_router(throttled, dependencies=[Depends(Throttle(3))])


@app.post("/signin")  # expect: RW607
async def sign_in(data: Credentials) -> str:
    return data.email
# file: app/throttled.py
from fastapi import APIRouter

router = APIRouter(prefix="/v2")


@router.post("/login")
async def login(name: str, password: str) -> str:
    return name
