# A star, a constant that holds one, a regex that matches all; `Middleware(...)` too.
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware
from starlette.middleware import Middleware

ORIGINS = ["*"]

one = FastAPI()
one.add_middleware(CORSMiddleware, allow_origins=ORIGINS)  # expect: RW606 warning

two = FastAPI(
    middleware=[
        Middleware(  # expect: RW606
            CORSMiddleware,
            allow_origin_regex="https?://.*",
            allow_credentials=True,
        )
    ]
)

three = FastAPI()
three.add_middleware(
    CORSMiddleware,
    allow_origins=["https://shop.example.com"],
    allow_origin_regex=r"https://.*\.example\.com",
    allow_credentials=True,
    allow_methods=["*"],
    allow_headers=["*"],
)


@one.get("/a")
async def a() -> None: ...


@two.get("/b")
async def b() -> None: ...
