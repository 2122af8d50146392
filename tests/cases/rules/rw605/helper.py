# No CORS; CORS in a helper; an application that serves its own pages
# file: app/__init__.py
# file: app/cors.py
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware


def setup(app: FastAPI) -> None:
    app.add_middleware(CORSMiddleware, allow_origins=["https://shop.example"])
# file: app/main.py
from fastapi import FastAPI

from app.cors import setup

app = FastAPI()
setup(app)


@app.post("/items")
async def create(name: str) -> str:
    return name
