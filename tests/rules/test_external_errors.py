"""RW611 advises the exceptions of the library whose call may fail."""

from __future__ import annotations

from pathlib import Path

import pytest

from roadworthy.engine import run
from roadworthy.project.config import Settings

SERVICE = """
import {module}
from fastapi import FastAPI

app = FastAPI()


@app.get("/rates")
def read_rates() -> str:
    return {call}
"""


@pytest.mark.parametrize(
    ("module", "call", "error"),
    [
        ("httpx", 'httpx.get("https://rates.example").text', "httpx.HTTPError"),
        (
            "requests",
            'requests.get("https://rates.example").text',
            "requests.RequestException",
        ),
        (
            "urllib.request",
            'urllib.request.urlopen("https://rates.example").read().decode()',
            "urllib.error.URLError",
        ),
    ],
)
def test_the_errors_to_catch_are_those_of_the_library(
    module: str, call: str, error: str, tmp_path: Path
) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "main.py").write_text(SERVICE.format(module=module, call=call))
    settings = Settings(root=tmp_path, select=("RW611",), use_cache=False)
    [finding] = run(tmp_path, settings, None).findings
    assert f"exception_handler({error})" in finding.instead
