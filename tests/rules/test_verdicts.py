"""Black is asked again only of what has changed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from roadworthy.engine import run
from roadworthy.findings import Report
from roadworthy.project.config import Settings
from roadworthy.rules.language import tools

MANY = 32
MAIN = """\
from fastapi import FastAPI

from app import {modules}

app = FastAPI()
"""


@pytest.fixture
def service(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    app = tmp_path / "service" / "app"
    app.mkdir(parents=True)
    (app / "__init__.py").write_text("")
    names = [f"m{number}" for number in range(MANY)]
    for name in names:
        (app / f"{name}.py").write_text("x = [ 1 ]\n")
    (app / "main.py").write_text(MAIN.format(modules=", ".join(names)))
    return app.parent


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every file and job that black is asked about, as text."""
    found: list[str] = []
    plain = tools.Tools._run

    def watched(self: tools.Tools, command: Sequence[str], **given: str) -> str | None:
        text = " ".join(command)
        if "black" in command[:4] or "probe" in text:
            found.append(text + given.get("given", ""))
        return plain(self, list(command), **given)  # type: ignore[arg-type]

    monkeypatch.setattr(tools.Tools, "_run", watched)
    return found


def _check(service: Path, *, fresh: bool = False) -> Report:
    settings = Settings(root=service, select=("RW103",), use_cache=not fresh)
    return run(service, settings, None)


def _flagged(report: Report) -> set[str]:
    return {f.path for f in report.findings if "black" in f.message}


def test_unchanged_files_are_not_asked_about_again(
    service: Path, asked: list[str]
) -> None:
    first = _flagged(_check(service))
    assert len(first) >= MANY
    asked.clear()

    (service / "app" / "m3.py").write_text("x = [ 2 ]\n")
    second = _flagged(_check(service))
    again = " ".join(asked)

    assert second == first == _flagged(_check(service, fresh=True))
    assert "m3.py" in again
    assert "m5.py" not in again


def test_a_file_that_was_mended_is_no_longer_flagged(service: Path) -> None:
    assert "app/m3.py" in _flagged(_check(service))

    (service / "app" / "m3.py").write_text("x = [3]\n")

    assert "app/m3.py" not in _flagged(_check(service))


def test_other_settings_of_black_make_other_verdicts(service: Path) -> None:
    long = "y = [1, 2, 3]\n"
    (service / "app" / "m3.py").write_text(long)
    assert "app/m3.py" not in _flagged(_check(service))

    (service / "pyproject.toml").write_text("[tool.black]\nline-length = 8\n")

    assert "app/m3.py" in _flagged(_check(service))
