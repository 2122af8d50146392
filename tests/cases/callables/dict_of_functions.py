# A table of functions: a constant key picks one, an unknown key may pick any.
import time

from fastapi import FastAPI

app = FastAPI()


def as_text(value: int) -> str:
    return str(value)


def as_printed(value: int) -> str:
    time.sleep(2)
    return f"printed {value}"


FORMATS = {"text": as_text, "printed": as_printed}


@app.get("/any/{kind}")
async def any_format(kind: str, value: int) -> str:
    return FORMATS[kind](value)  # expect: RW303


@app.get("/get/{kind}")
async def or_default(kind: str, value: int) -> str:
    render = FORMATS.get(kind, as_text)
    return render(value)  # expect: RW303


@app.get("/text")
async def text(value: int) -> str:
    return FORMATS["text"](value)
