"""What happens where a tool is missing, or does not understand the project's settings."""

from __future__ import annotations

from pathlib import Path

import pytest

from roadworthy.engine import run
from roadworthy.project.config import Settings
from roadworthy.rules.language import tools

SERVICE = """\
from fastapi import FastAPI

app = FastAPI( )


@app.get("/")
async def root(limit) -> int:
    return limit
"""


def check(root: Path, *codes: str) -> tuple[list[str], list[str]]:
    """Return the rules that found something, and the notes about the tools."""
    report = run(root, Settings(root=root, select=codes, use_cache=False), None)
    notes = [note for note in report.notes if "beside roadworthy" in note]
    return sorted({f.rule for f in report.findings}), notes


def test_missing_ruff_is_told_once_and_leaves_its_rules_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "main.py").write_text(SERVICE, encoding="utf-8")
    monkeypatch.setattr(tools, "executable", lambda name: None)

    found, notes = check(tmp_path, "RW101", "RW102", "RW103")

    assert found == ["RW103"]
    assert notes == [
        "ruff is not installed beside roadworthy; RW101 and RW102 were left out"
    ]


def test_missing_black_is_told_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "main.py").write_text(SERVICE, encoding="utf-8")
    monkeypatch.setattr(tools.importlib.util, "find_spec", lambda name: None)

    found, notes = check(tmp_path, "RW103")

    assert found == []
    assert [note.partition(" ")[0] for note in notes] == ["black", "isort"]


def test_settings_that_ruff_does_not_understand_are_passed_over(tmp_path: Path) -> None:
    (tmp_path / "main.py").write_text(SERVICE, encoding="utf-8")
    (tmp_path / "ruff.toml").write_text("no-such-setting = 1\n", encoding="utf-8")

    found, _ = check(tmp_path, "RW101")

    assert found == ["RW101"]


def test_a_module_of_the_project_named_like_a_tool_is_not_run(tmp_path: Path) -> None:
    (tmp_path / "main.py").write_text(SERVICE, encoding="utf-8")
    (tmp_path / "black.py").write_text(
        "open('ran.txt', 'w').close()\n", encoding="utf-8"
    )

    found, _ = check(tmp_path, "RW103")

    assert found == ["RW103"]
    assert not (tmp_path / "ran.txt").exists()
