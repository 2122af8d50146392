# @contextmanager functions: blocking before the yield, after it, and not at all.
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager

from fastapi import FastAPI

app = FastAPI()


@contextmanager
def mounted(device: str) -> Iterator[str]:
    subprocess.run(["mount", device, "/mnt"], check=True)
    yield "/mnt"


@contextmanager
def throttled() -> Iterator[None]:
    try:
        yield
    finally:
        time.sleep(0.25)


@contextmanager
def labelled(name: str) -> Iterator[str]:
    yield name.upper()


@app.get("/mounted")
async def with_mount() -> str:
    with mounted("/dev/sdb1") as path:  # expect: RW305
        return path


@app.get("/throttled")
async def with_throttle() -> str:
    with throttled():  # expect: RW303
        return "slow"


@app.get("/labelled")
async def with_label() -> str:
    with labelled("x") as label:
        return label
