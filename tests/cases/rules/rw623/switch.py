# A switch for whoever deploys it decides whether the header is read.
from fastapi import FastAPI, HTTPException, Request
from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    behind_proxy: bool = False


settings = Settings()
app = FastAPI()


def address(request: Request, use_forwarded: bool) -> str:
    if use_forwarded:
        return request.headers["X-Forwarded-For"]
    return request.client.host


@app.get("/a")
async def a(request: Request) -> None:
    if address(request, settings.behind_proxy) not in {"10.0.0.7"}:
        raise HTTPException(403)
