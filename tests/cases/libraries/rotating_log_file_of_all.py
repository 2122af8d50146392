# A rotating file behind the root logger: one finding where it is set up, not one a call.
import logging
from logging.handlers import RotatingFileHandler

from fastapi import FastAPI

log = logging.getLogger(__name__)


def configure() -> None:
    handler = RotatingFileHandler("service.log")
    logging.getLogger().addHandler(handler)  # expect: RW304 advice


configure()
app = FastAPI()


@app.get("/")
async def read(number: int) -> int:
    log.info("1")
    log.info("2")
    log.info("3")
    log.info("4")
    log.info("5")
    log.debug("6")
    log.warning("7")
    log.error("8")
    log.critical("9")
    logging.info("10")
    logging.error("11")
    logging.getLogger("other").info("12")
    log.log(10, "13")
    try:
        return 1 // number
    except ZeroDivisionError:
        log.exception("14")
    return 0
