# Old spellings of types in models, parameters, returns and responses
# file: app/__init__.py
# file: app/main.py
import typing
from typing import Any, Dict, List, Optional, Tuple, Union  # allow: RW102

from fastapi import FastAPI
from pydantic import BaseModel

app = FastAPI()


class Item(BaseModel):
    tags: List[str] = []  # expect: RW102
    price: Optional[float] = None  # expect: RW102
    data: dict[str, Any] = {}


@app.get("/items", response_model=typing.List[Item])  # expect: RW102
async def read(q: Union[str, None] = None) -> Any:  # expect: RW102
    found: Dict[str, Tuple[int, int]] = {}  # expect: RW102
    return [found]


@app.get("/new")
async def new(q: str | None = None) -> list[Item]:
    return []
