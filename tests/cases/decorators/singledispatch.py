# The implementation that the argument's type selects decides.
import subprocess
from functools import singledispatch

from fastapi import FastAPI

app = FastAPI()


@singledispatch
def render(value: object) -> str:
    return str(value)


@render.register
def _(value: int) -> str:
    return f"{value:,}"


@render.register
def _(value: bytes) -> str:
    done = subprocess.run(["file", "-"], input=value, capture_output=True)
    return done.stdout.decode()


@app.get("/number/{value}")
async def number(value: int) -> str:
    return render(value)


@app.get("/blob")
async def blob() -> str:
    return render(b"\x00\x01")  # expect: RW305
