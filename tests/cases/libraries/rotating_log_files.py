# Log calls under a handler that rotates files: a few are told where they are.
import logging
import logging.config
from logging.handlers import QueueHandler, RotatingFileHandler
from queue import SimpleQueue

from fastapi import FastAPI

app = FastAPI()
audit = logging.getLogger("audit")
audit.addHandler(RotatingFileHandler("audit.log", maxBytes=1000, backupCount=3))
queued = logging.getLogger("queued")
queued.addHandler(QueueHandler(SimpleQueue()))
plain = logging.getLogger("plain")
logging.config.dictConfig(
    {
        "version": 1,
        "handlers": {
            "file": {
                "class": "logging.handlers.TimedRotatingFileHandler",
                "filename": "x.log",
            },
            "console": {"class": "logging.StreamHandler"},
        },
        "loggers": {
            "daily": {"handlers": ["file"]},
            "screen": {"handlers": ["console"]},
        },
    }
)


def record(text: str) -> None:
    audit.info(text)


@app.get("/{name}")
async def read(name: str) -> str:
    record(name)  # expect: RW304 advice
    audit.getChild("x")
    logging.getLogger("audit.reads").warning(name)  # expect: RW304 advice
    logging.getLogger("daily").info(name)  # expect: RW304 advice
    queued.info(name)
    plain.info(name)
    logging.getLogger("screen").info(name)
    return name
