# The caller reads the header only behind an opt-in to a trusted proxy
from fastapi import Depends, FastAPI, HTTPException, Request
from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    trusted_proxy: bool = False


settings = Settings()
BLOCKED = {"203.0.113.9"}


def last_hop(request: Request) -> str:
    return request.headers.get("x-forwarded-for", "").rpartition(",")[2].strip()


def client_ip(request: Request) -> str:
    if settings.trusted_proxy:
        return last_hop(request)
    return request.client.host if request.client else ""


def not_blocked(request: Request) -> None:
    if client_ip(request) in BLOCKED:
        raise HTTPException(403)


app = FastAPI(dependencies=[Depends(not_blocked)])


@app.get("/")
async def root() -> str:
    return "root"
