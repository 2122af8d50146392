# Bodies without a schema are flagged; typed ones and raw reads are not
from dataclasses import dataclass
from typing import Annotated, Any, Dict, Optional, TypedDict

from fastapi import Body, Depends, FastAPI, Request
from pydantic import BaseModel

app = FastAPI()


class Item(BaseModel):
    name: str


@dataclass
class Point:
    x: int


class Row(TypedDict):
    name: str


@app.post("/dict")
async def with_dict(data: Dict[str, Any]) -> str:  # expect: RW201
    return "ok"


@app.post("/optional")
async def with_optional(data: Optional[dict] = None) -> str:  # expect: RW201
    return "ok"


@app.post("/list")
async def with_list(
    rows: list,  # expect: RW201
) -> str:
    return "ok"


@app.post("/any")
async def with_any(data: Any = Body()) -> str:  # expect: RW201
    return "ok"


@app.post("/object")
async def with_object(data: Annotated[object, Body()]) -> str:  # expect: RW201
    return "ok"


@app.post("/bare")
async def with_bare(data=Body(...)) -> str:  # expect: RW201
    return "ok"


@app.post("/known-keys")
async def with_known_keys(data: dict[str, str]) -> str:  # expect: RW201
    return data["name"]


@app.post("/counts")
async def with_counts(counts: dict[str, int]) -> int:
    return sum(counts.values())


@app.post("/json")
async def with_json(request: Request) -> str:
    data = await request.json()  # expect: RW201
    return data["name"]


@app.post("/form")
async def with_form(request: Request) -> str:
    form = await request.form()  # expect: RW201
    return str(form["name"])


@app.post("/signature")
async def with_raw_body(request: Request) -> int:
    return len(await request.body())


@app.post("/stream")
async def with_stream(request: Request) -> int:
    size = 0
    async for chunk in request.stream():
        size += len(chunk)
    return size


@app.post("/models")
async def with_models(items: list[Item], point: Point, row: Row) -> str:
    return "ok"


@app.post("/scalar")
async def with_scalar(name: str = Body(embed=True)) -> str:
    return name


@app.get("/query")
async def with_query(anything: Any = None) -> str:
    return "ok"


async def parsed(request: Request) -> dict:
    return await request.json()


@app.post("/dependency")
async def with_dependency(data: Annotated[dict, Depends(parsed)]) -> str:
    return "ok"
