# Loguru writes rotating files in the call that logs, unless a queue is asked for.
import os
import sys
from contextlib import asynccontextmanager

from fastapi import FastAPI
from loguru import logger


def start_logging() -> None:
    logger.remove()
    logger.add(sys.stderr)
    logger.add(
        os.getenv("AUDIT_FILE", "audit.log"),
        rotation="10 MB",
        filter=lambda record: record["extra"].get("audit") is True,
    )
    logger.add("all.log", rotation="1 day", enqueue=True)


@asynccontextmanager
async def lifespan(app: FastAPI):
    start_logging()  # expect: RW304
    yield


app = FastAPI(lifespan=lifespan)


class Audit:
    def __init__(self) -> None:
        self.logger = logger.bind(audit=True)

    def write(self, text: str) -> None:
        self.logger.opt(depth=1).info(text)


@app.get("/")
async def read() -> int:
    logger.info("a")
    logger.bind(other=True).info("b")
    logger.bind(audit=True).warning("c")  # expect: RW304 advice
    Audit().write("d")  # expect: RW304 advice
    return 1
