# Type aliases and response models count, and so does a project that still names Python 3.8
# file: pyproject.toml
[project]
name = "service"
requires-python = ">=3.8"
# file: main.py
from typing import Any, Dict, List, Optional, Union

from fastapi import FastAPI

app = FastAPI()
Identifier = Union[int, str]  # expect: RW102
Maybe = Optional[int]  # expect: RW102


@app.get("/items", response_model=List[str])  # expect: RW102
async def items(limit: int | None = None) -> Any:
    found: Dict[str, int] = {}  # expect: RW102
    return list(found)


@app.get("/new", response_model=list[str])
async def new() -> dict[str, Any]:
    return {}
