# Routes that only redirect or take what they drop; deliveries whose signature is checked
import hashlib
import hmac
from typing import Annotated

from fastapi import Depends, FastAPI, HTTPException, Request
from fastapi.responses import RedirectResponse
from fastapi.security import OAuth2PasswordBearer

oauth2 = OAuth2PasswordBearer(tokenUrl="token")
app = FastAPI()


@app.get("/me")
async def me(token: Annotated[str, Depends(oauth2)]) -> str:
    return token


@app.post("/folders", response_model=None)
async def create_folder() -> RedirectResponse:
    """Moved."""
    return RedirectResponse("/projects", status_code=307)


@app.post("/events/batch")
async def take_events(request: Request) -> dict[str, str]:
    """Taken and dropped."""
    return {"status": "ok"}


def is_signed(body: bytes, given: str) -> bool:
    made = hmac.new(b"key", body, hashlib.sha256).hexdigest()
    return hmac.compare_digest(made, given)


@app.post("/deliveries/{provider}")
async def delivery(provider: str, request: Request) -> str:
    if not is_signed(await request.body(), request.headers.get("x-signature", "")):
        raise HTTPException(404)
    return provider


@app.post("/projects")  # expect: RW601
async def create_project(name: str) -> dict[str, str]:
    return {"name": name}


async def save_count(name: str) -> None:
    return None


@app.post("/prices/quote")  # expect: RW601 advice
async def get_quote(name: str) -> dict[str, str]:
    await save_count(name)
    return {"name": name}


@app.post("/prices/check")
async def check_price(name: str) -> dict[str, str]:
    return {"name": name}
