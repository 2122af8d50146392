# Computed fields of the items of a list that response_model names.
import time

from fastapi import FastAPI
from pydantic import BaseModel, computed_field

app = FastAPI()


class Row(BaseModel):
    id: int

    @computed_field
    @property
    def url(self) -> str:
        return link(self.id)  # expect: RW303


class Page(BaseModel):
    rows: list[Row]


def link(id_: int) -> str:
    time.sleep(0.1)
    return f"/rows/{id_}"


@app.get("/rows", response_model=Page)
async def rows() -> dict[str, object]:
    return {"rows": [{"id": 1}]}
