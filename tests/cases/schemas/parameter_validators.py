# Validators of query and path parameters run on the loop too.
import time
from typing import Annotated

from fastapi import FastAPI, Query
from pydantic import AfterValidator, BeforeValidator

app = FastAPI()


def known_code(value: str) -> str:
    time.sleep(0.1)  # expect: RW303
    return value


def trimmed(value: str) -> str:
    return value.strip()


def looked_up(value: object) -> object:
    time.sleep(0.1)  # expect: RW303
    return value


Code = Annotated[str, AfterValidator(known_code)]


@app.get("/codes/{code}")
def read(code: Code, q: Annotated[str, AfterValidator(trimmed), Query()] = "") -> str:
    return code + q


@app.get("/lookup")
async def lookup(key: Annotated[str, BeforeValidator(looked_up)]) -> str:
    return key
