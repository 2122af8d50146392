# A table of coroutine functions: each of them may run on the loop.
import asyncio
import time

from fastapi import FastAPI

app = FastAPI()


async def export_csv(name: str) -> str:
    time.sleep(0.1)  # expect: RW303
    return f"{name}.csv"


async def export_json(name: str) -> str:
    await asyncio.sleep(0.1)
    return f"{name}.json"


async def export_xml(name: str) -> str:
    time.sleep(0.1)
    return f"{name}.xml"


EXPORTERS = {"csv": export_csv, "json": export_json}


@app.get("/export/{kind}/{name}")
async def export(kind: str, name: str) -> str:
    exporter = EXPORTERS.get(kind)
    if exporter is None:
        return ""
    return await exporter(name)
