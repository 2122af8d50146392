# Models within a model are made and validated where data is given, not where objects are.
from pathlib import Path
from typing import Any

from fastapi import Body, FastAPI, Request
from pydantic import BaseModel, TypeAdapter, model_validator

app = FastAPI()


class Template(BaseModel):
    name: str

    @model_validator(mode="after")
    def exists(self) -> "Template":
        Path(self.name).read_text()
        return self


class Mail(BaseModel):
    template: Template
    subject: str = ""


class Plain(BaseModel):
    subject: str


TEMPLATES = TypeAdapter(list[Template])
PLAIN = TypeAdapter(list[Plain])


@app.post("/data")
async def from_data(data: dict[str, Any] = Body()) -> int:
    Mail.model_validate(data)  # expect: RW304
    Mail(**data)  # expect: RW304
    Mail(template={"name": "a"}, subject="x")  # expect: RW304
    Plain(**data)
    Plain.model_validate(data)
    return 1


@app.post("/objects")
async def from_objects() -> int:
    template = Template(name="welcome")  # expect: RW304
    Mail(template=template, subject="x")
    Template.model_construct(name="x")
    return 1


@app.post("/adapter")
async def adapter(request: Request) -> int:
    body = await request.body()
    TEMPLATES.validate_json(body)  # expect: RW304
    TypeAdapter(Template).validate_python({})  # expect: RW304
    PLAIN.validate_json(body)
    return 1
