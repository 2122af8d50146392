# A branch that a constant argument excludes.
import subprocess

from fastapi import FastAPI

app = FastAPI()


def convert(name: str, *, fast: bool = True) -> str:
    if fast:
        return name.lower()
    return subprocess.check_output(["convert", name]).decode()


def maybe_convert(name: str, dry_run: bool) -> str:
    return name if dry_run else convert(name, fast=False)


@app.get("/fast/{name}")
async def fast(name: str) -> str:
    return convert(name)


@app.get("/slow/{name}")
async def slow(name: str) -> str:
    return convert(name, fast=False)  # expect: RW305


@app.get("/dry/{name}")
async def dry(name: str) -> str:
    return maybe_convert(name, True)


@app.get("/choice/{name}")
async def choice(name: str, fast: bool) -> str:
    return convert(name, fast=fast)  # expect: RW305
