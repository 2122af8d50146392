"""RW613: each finding names the exceptions to catch, where the calls tell which."""

from __future__ import annotations

from pathlib import Path

import pytest

from roadworthy.engine import run
from roadworthy.project.config import Settings

SERVICE = """
import json

import httpx
import jwt
from fastapi import FastAPI
from work import prepare

app = FastAPI()
client = httpx.AsyncClient()


@app.get("/")
async def root(given: str) -> object:
    try:
        {statement}
    except Exception:
        return None
"""


@pytest.mark.parametrize(
    ("statement", "advice"),
    [
        ("return int(given)", "`except ValueError:`"),
        ("return json.loads(given)", "`except ValueError:`"),
        ("return jwt.decode(given, 'k', ['HS256'])", "`except jwt.PyJWTError:`"),
        (
            "return json.loads((await client.get(given)).text)",
            "`except (ValueError, httpx.HTTPError):`",
        ),
        ("return prepare(given)", "Catch the exception that you expect;"),
    ],
)
def test_the_advice_names_what_the_calls_raise(
    statement: str, advice: str, tmp_path: Path
) -> None:
    (tmp_path / "main.py").write_text(SERVICE.format(statement=statement))
    (tmp_path / "work.py").write_text("def prepare(given):\n    return given\n")

    settings = Settings(root=tmp_path, select=("RW613",), use_cache=False)
    findings = run(tmp_path, settings, None).findings

    assert len(findings) == 1
    assert advice in findings[0].instead
