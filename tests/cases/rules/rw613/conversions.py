# A conversion that fails has one answer: to name the error is advice, no more
# file: main.py
import json
from fractions import Fraction
from uuid import UUID

from fastapi import FastAPI

from work import do, parse

app = FastAPI()


@app.get("/key")
def key(given: str) -> str:
    try:
        return str(UUID(given.strip()))
    except Exception:  # expect: RW613 advice
        return ""


@app.get("/share")
def share(given: str) -> float:
    try:
        if "/" in given:
            return round(float(Fraction(given)), 3)
        return float(given)
    except Exception:  # expect: RW613 advice
        return 0


@app.get("/read")
def read(given: str) -> str:
    try:
        return str(json.loads(given)["share"])
    except Exception:  # expect: RW613
        return ""


@app.get("/any")
def anything(given: str) -> float:
    try:
        return float(given)
    except:  # expect: RW613
        return 0


@app.get("/own")
def own(given: str) -> int:
    try:
        return int(parse(given))
    except Exception:  # expect: RW613
        return 0


@app.post("/more")
def more(given: str) -> None:
    try:
        number = int(given)
        do(number)
    except Exception:  # expect: RW613
        pass


# file: work.py
def do(number: int) -> None: ...


def parse(given: str) -> str:
    return given
