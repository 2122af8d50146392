# Bare and broad `except` with pass, continue or a constant; the finding stands on its line.
import contextlib
import logging

import sentry_sdk
from fastapi import FastAPI

from work import do

log = logging.getLogger(__name__)
app = FastAPI()


@app.post("/a")
async def a() -> bool:
    for _ in range(3):
        try:
            do()
        except:  # expect: RW613
            continue
    try:
        return do()
    except (KeyError, Exception):  # expect: RW613
        return False


@app.post("/b")
async def b() -> None:
    try:
        do()
    except KeyError:
        pass
    try:
        do()
    except Exception:
        log.exception("it did not work")
    try:
        do()
    except Exception as error:
        sentry_sdk.capture_exception(error)
    try:
        do()
    except Exception as error:
        raise RuntimeError from error
    with contextlib.suppress(KeyError):
        do()


@app.post("/c")
async def c() -> None:
    file = do()
    try:
        file.close()
    except Exception:
        pass


def script() -> None:
    try:
        do()
    except Exception:
        pass
