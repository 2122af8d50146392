# Blocking in try, except, else and finally.
import time

from fastapi import FastAPI

app = FastAPI()


def parse(text: str) -> int:
    return int(text)


def report(text: str) -> None:
    time.sleep(0.1)


@app.get("/try/{text}")
async def with_try(text: str) -> int:
    try:
        number = parse(text)
    except ValueError:
        report(text)  # expect: RW303
        return 0
    else:
        time.sleep(0.1)  # expect: RW303
    finally:
        time.sleep(0.1)  # expect: RW303
    return number


@app.get("/suppressed/{text}")
async def quick(text: str) -> int:
    try:
        return parse(text)
    except ValueError:
        return 0
