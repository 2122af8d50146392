"""What a finding says where the words depend on the code it stands on."""

from __future__ import annotations

from pathlib import Path

import pytest

from roadworthy.engine import run
from roadworthy.findings import Finding
from roadworthy.project.config import Settings

APPLICATION = """\
from fastapi import FastAPI, Request
from pydantic import BaseModel

app = FastAPI()


class Pen(BaseModel):
    colour: str


"""


def _only(tmp_path: Path, code: str, handler: str) -> Finding:
    (tmp_path / "main.py").write_text(APPLICATION + handler, encoding="utf-8")
    report = run(tmp_path, Settings(root=tmp_path, select=(code,)), None)
    (finding,) = (f for f in report.findings if f.rule == code)
    return finding


@pytest.mark.parametrize(
    ("body", "says"),
    [("print(pen_id)", "status_code=204"), ('return {"id": pen_id}', "response_model")],
)
def test_a_route_that_returns_nothing_is_told_to_say_so(
    tmp_path: Path, body: str, says: str
) -> None:
    handler = (
        f'@app.delete("/pens/{{pen_id}}")\nasync def drop(pen_id: int):\n    {body}\n'
    )

    finding = _only(tmp_path, "RW202", handler)

    assert says in finding.instead


@pytest.mark.parametrize(
    ("reading", "says"),
    [
        ("await request.json()", "without a schema"),
        ("Pen.model_validate(await request.json())", "by hand"),
    ],
)
def test_a_body_that_the_handler_validates_is_not_said_to_have_no_schema(
    tmp_path: Path, reading: str, says: str
) -> None:
    handler = f'@app.post("/pens")\nasync def make(request: Request) -> None:\n    {reading}\n'

    finding = _only(tmp_path, "RW201", handler)

    assert says in finding.message
