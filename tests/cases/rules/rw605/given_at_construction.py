# Middleware that is given to the constructor counts; a wrapped application too.
# file: app/one.py
from fastapi import FastAPI
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware

app = FastAPI(middleware=[Middleware(CORSMiddleware, allow_origins=["https://a.example"])])


@app.get("/items")
async def read_items() -> None: ...
