# Two applications in one repository share a service: both are looked at.
# file: public.py
from fastapi import FastAPI

from common import lookup

app = FastAPI(title="public")


@app.get("/lookup/{name}")
async def read(name: str) -> str:
    return lookup(name)  # expect: RW303
# file: private.py
from fastapi import FastAPI

from common import lookup

api = FastAPI(title="private")


@api.get("/private/{name}")
async def read(name: str) -> str:
    return lookup(name)  # expect: RW303


@api.get("/pool/{name}")
def read_in_pool(name: str) -> str:
    return lookup(name)
# file: common.py
import time


def lookup(name: str) -> str:
    time.sleep(0.1)
    return name
