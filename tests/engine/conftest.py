"""The small service, and ways to have it checked."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from roadworthy.project import cache
from smallservice import SERVICE, SETTINGS, Launch, Run


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The user's cache directory of all these tests."""
    return tmp_path_factory.mktemp("home")


@pytest.fixture(autouse=True)
def surroundings(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the user's own cache, environment and terminal out of the tests."""
    monkeypatch.setattr(cache, "_user_folder", lambda: home / "roadworthy")
    for name in ("VIRTUAL_ENV", "CONDA_PREFIX", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(home))
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(filter(None, sys.path)))


@pytest.fixture
def service(tmp_path: Path) -> Path:
    root = tmp_path / "service"
    (root / ".git").mkdir(parents=True)
    (root / "main.py").write_text(SERVICE)
    (root / "pyproject.toml").write_text(SETTINGS)
    return root


@pytest.fixture
def launch(tmp_path: Path) -> Launch:
    """Return a function that runs `python -m roadworthy check` from another folder."""

    def launch(*arguments: object) -> Run:
        return subprocess.run(
            [sys.executable, "-m", "roadworthy", "check", *map(str, arguments)],
            capture_output=True,
            text=True,
            cwd=tmp_path,
            check=False,
        )

    return launch
