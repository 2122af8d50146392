"""A small service with one known finding, and what its tests ask of a run."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

from roadworthy import engine
from roadworthy.findings import Report
from roadworthy.project.config import load_settings

SERVICE = """\
import time

from fastapi import FastAPI

app = FastAPI()


@app.get("/slow")
async def slow() -> str:
    time.sleep(1)
    return "done"
"""
KNOWN = ("RW303", "main.py", 10)
"""The finding in it: rule, path, line."""

SETTINGS = '[tool.roadworthy]\nselect = ["RW3"]\n'
"""What its `pyproject.toml` says: only the rules that these tests are about."""

Run = subprocess.CompletedProcess[str]
Launch = Callable[..., Run]


def run(root: Path) -> Report:
    """Run the engine with the settings of the folder."""
    return engine.run(root, load_settings(root), None)


def places(report: Report) -> list[tuple[str, str, int]]:
    """Return rule, path and line of each finding."""
    return [(f.rule, f.path, f.line) for f in report.findings]


def is_cached(report: Report) -> bool:
    """Tell whether a report is that of a former run."""
    return report.stats.get("cached") == 1


def answer(run: Run) -> dict[str, Any]:
    """Return the JSON that a run of the command printed."""
    assert "Traceback" not in run.stderr
    data: dict[str, Any] = json.loads(run.stdout)
    return data


def found(data: dict[str, Any]) -> list[tuple[str, str, int]]:
    """Return rule, path and line of each finding in the JSON of a run."""
    return [(f["rule"], f["path"], f["line"]) for f in data["findings"]]
