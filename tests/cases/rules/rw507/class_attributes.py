# What a class holds for all its instances is shared as a module's names are
from dataclasses import dataclass, field

from fastapi import FastAPI, Request
from pydantic import BaseModel

app = FastAPI()


class Counters:
    hits = 0
    names: list[str] = []
    by_name: dict[str, int] = {}
    limit = "10"


class Visit(BaseModel):
    names: list[str] = []


@dataclass
class Page:
    names: list[str] = field(default_factory=list)


class Made:
    names: list[str] = []

    def __init__(self) -> None:
        self.names = []


@app.get("/visits")
async def visit(request: Request, name: str) -> int:
    Counters.hits += 1  # expect: RW507
    Counters.names.append(name)  # expect: RW507
    Counters.by_name[name] = 1  # expect: RW507
    visit = Visit()
    visit.names.append(name)
    page = Page()
    page.names.append(name)
    made = Made()
    made.names.append(name)
    request.state.names = []
    request.state.names.append(name)
    return len(Counters.names)
