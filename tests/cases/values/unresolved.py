# What cannot be resolved is silent.
import importlib
from typing import Any

from fastapi import FastAPI, Request

app = FastAPI()


def run(job: Any) -> str:
    return job.run()


@app.post("/plugins/{name}")
async def plugin(name: str, request: Request) -> str:
    module = importlib.import_module(f"plugins.{name}")
    request.app.state.audit.write(name)
    handler = getattr(module, name)
    handler()
    return run(module)
