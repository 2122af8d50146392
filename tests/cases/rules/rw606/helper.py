# CORS built by a helper, a middleware list, from settings and from constants
# file: app/__init__.py
# file: app/settings.py
from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    cors_origins: list[str] = ["*"]
    cors_credentials: bool = True
    allowed: list[str] = ["https://shop.example"]


settings = Settings()
# file: app/cors.py
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware
from starlette.middleware import Middleware

ANY = ("*",)
OPTIONS = {"allow_origins": ["*"], "allow_credentials": True}


def setup_cors(app: FastAPI, origins: list[str]) -> None:
    app.add_middleware(CORSMiddleware, allow_origins=origins, allow_credentials=True)  # expect: RW606


def setup_strict(app: FastAPI, origins: list[str]) -> None:
    app.add_middleware(CORSMiddleware, allow_origins=origins, allow_credentials=True)


def middleware() -> list[Middleware]:
    return [
        Middleware(CORSMiddleware, allow_origins=ANY, allow_methods=["GET"]),  # expect: RW606 warning
    ]
# file: app/main.py
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

from app.cors import OPTIONS, middleware, setup_cors, setup_strict
from app.settings import settings

public = FastAPI(middleware=middleware())
app = FastAPI()
setup_cors(app, ["*"])
strict = FastAPI()
setup_strict(strict, settings.allowed)
other = FastAPI()
other.add_middleware(CORSMiddleware, **OPTIONS)  # expect: RW606
third = FastAPI()
third.add_middleware(CORSMiddleware, allow_origin_regex=r"https?://.*", allow_credentials=True)  # expect: RW606


@app.get("/")
@public.get("/")
@strict.get("/")
@other.get("/")
@third.get("/")
async def root() -> None: ...
