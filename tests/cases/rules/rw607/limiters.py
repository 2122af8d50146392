# A limiter as dependency, at the router, as decorator or as own code.
from typing import Annotated

from fastapi import APIRouter, Depends, FastAPI, HTTPException, Request
from fastapi.security import OAuth2PasswordRequestForm
from fastapi_limiter.depends import RateLimiter
from slowapi import Limiter
from slowapi.util import get_remote_address

app = FastAPI()
limiter = Limiter(key_func=get_remote_address)
Form = Annotated[OAuth2PasswordRequestForm, Depends()]
limited = APIRouter(dependencies=[Depends(RateLimiter(times=5, seconds=60))])
attempts: dict[str, int] = {}


async def few_attempts(request: Request) -> None:
    if attempts.get(request.url.path, 0) > 5:
        raise HTTPException(status_code=429)


@limited.post("/login")
async def at_router(form: Form) -> None: ...


@app.post("/token")
@limiter.limit("5/minute")
async def decorated(request: Request, form: Form) -> None: ...


@app.post("/signup", dependencies=[Depends(few_attempts)])
async def own() -> None: ...


@app.post("/forgot-password")  # expect: RW607
async def forgot(email: str) -> None: ...


@app.post("/otp/verify")  # expect: RW607
async def verify_code(code: str) -> None: ...


@app.post("/items")
async def create_item() -> None: ...


@app.get("/login")
async def login_page() -> None: ...


app.include_router(limited)
