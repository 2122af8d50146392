# Origins from constants, dictionaries and helpers; middleware lists, wrapped applications
# file: app/__init__.py
# file: app/config.py
from pydantic_settings import BaseSettings

ANY_ORIGIN = "*"
ORIGINS = [ANY_ORIGIN]
CORS_OPTIONS = {"allow_origins": ["*"], "allow_credentials": True}
OPEN_READS = dict(allow_origins=["*"], allow_methods=["GET"])


class Defaults:
    origins = ["*"]


class Settings(BaseSettings):
    origins: list[str] = ["https://shop.example.com"]
    debug: bool = False
    environment: str = "production"


settings = Settings()
# file: app/setup.py
from fastapi import FastAPI
from starlette.middleware.cors import CORSMiddleware as CORS

from app import config
from app.config import CORS_OPTIONS, OPEN_READS, ORIGINS, Defaults, settings


def register(app: FastAPI) -> None:
    app.add_middleware(  # expect: RW606
        CORS,
        allow_origins=ORIGINS,
        allow_credentials=True,
    )


def register_by_attribute(app: FastAPI) -> None:
    app.add_middleware(CORS, allow_origins=config.ORIGINS, allow_credentials=True)  # expect: RW606


def register_options(app: FastAPI) -> None:
    app.add_middleware(CORS, **CORS_OPTIONS)  # expect: RW606


def register_reads(app: FastAPI) -> None:
    app.add_middleware(CORS, **OPEN_READS)  # expect: RW606 warning


def register_defaults(app: FastAPI) -> None:
    app.add_middleware(CORS, allow_origins=Defaults.origins, allow_credentials=True)  # expect: RW606


def register_text(app: FastAPI) -> None:
    app.add_middleware(CORS, allow_origins="*", allow_credentials=True)  # expect: RW606


def register_settings(app: FastAPI) -> None:
    app.add_middleware(CORS, allow_origins=settings.origins, allow_credentials=True)


def register_local(app: FastAPI) -> None:
    if settings.environment == "local":
        app.add_middleware(CORS, allow_origins=["*"], allow_credentials=True)


def register_chosen(app: FastAPI) -> None:
    origins = ["*"] if settings.debug else settings.origins
    app.add_middleware(CORS, allow_origins=origins, allow_credentials=True)
# file: app/main.py
import os

from fastapi import FastAPI
from fastapi.middleware import Middleware
from fastapi.middleware.cors import CORSMiddleware

from app import setup


def make_app() -> FastAPI:
    app = FastAPI(
        middleware=[
            Middleware(  # expect: RW606
                CORSMiddleware,
                allow_origin_regex=r"https?://.*",
                allow_credentials=True,
            )
        ]
    )
    setup.register(app)
    setup.register_by_attribute(app)
    setup.register_options(app)
    setup.register_reads(app)
    setup.register_defaults(app)
    setup.register_text(app)
    setup.register_settings(app)
    setup.register_local(app)
    setup.register_chosen(app)
    return app


app = make_app()

middleware = [Middleware(CORSMiddleware, allow_origins=["*"], allow_credentials=True)]  # expect: RW606
inner = FastAPI(middleware=middleware)
app.mount("/inner", inner)

public = FastAPI()
origins = ["https://a.example.com", "*"]
public.add_middleware(CORSMiddleware, allow_origins=origins, allow_credentials=True)  # expect: RW606
app.mount("/public", public)

partners = FastAPI()
partners.add_middleware(
    CORSMiddleware,
    allow_origin_regex=r"https://.*\.example\.com",
    allow_credentials=True,
)
app.mount("/partners", partners)

outer = FastAPI()
served = CORSMiddleware(outer, allow_origins=["*"], allow_methods=["*"])  # expect: RW606 warning

from_environment = FastAPI()
from_environment.add_middleware(
    CORSMiddleware,
    allow_origins=os.environ["ORIGINS"].split(","),
    allow_credentials=True,
)
app.mount("/env", from_environment)

caseless = FastAPI()
caseless.add_middleware(CORSMiddleware, allow_origin_regex="^.*$", allow_credentials=True)  # expect: RW606
app.mount("/caseless", caseless)
