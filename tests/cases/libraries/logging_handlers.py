# Logging through plain handlers is silent; making a rotating file handler opens a file.
import logging
import sys
from logging.handlers import RotatingFileHandler

from fastapi import FastAPI

logging.basicConfig(stream=sys.stderr, level=logging.INFO)
log = logging.getLogger(__name__)
app = FastAPI()


@app.get("/")
async def index() -> str:
    log.info("index")
    return "index"


@app.post("/log-to/{name}")
async def log_to(name: str) -> None:
    log.addHandler(RotatingFileHandler(f"{name}.log"))  # expect: RW304
