# subprocess and os.system block; asyncio's subprocesses do not.
import asyncio
import os
import shlex
import subprocess

from fastapi import FastAPI

app = FastAPI()


@app.post("/run")
async def run() -> int:
    done = subprocess.run(["true"], check=False)  # expect: RW305
    return done.returncode


@app.post("/system")
async def system() -> int:
    return os.system("true")  # expect: RW305


@app.post("/popen")
async def popen() -> bytes:
    process = subprocess.Popen(["date"], stdout=subprocess.PIPE)  # expect: RW305
    out, _ = process.communicate()  # allow: RW305
    return out


@app.post("/async")
async def asynchronous(command: str) -> str:
    process = await asyncio.create_subprocess_exec(
        *shlex.split(command), stdout=asyncio.subprocess.PIPE
    )
    out, _ = await process.communicate()
    return out.decode()
