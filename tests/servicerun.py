"""Running a service that the scaffold made: its environment, and commands in it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from roadworthy.scaffold.project import TEMPLATE

SECONDS = 600


def run(words: list[str], folder: Path, **variables: str) -> str:
    """Run a command in a folder and return what it said; it has to succeed."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PYTHON")}
    done = subprocess.run(
        words,
        cwd=folder,
        env=environment | variables,
        capture_output=True,
        text=True,
        timeout=SECONDS,
    )
    said = done.stdout + done.stderr
    assert done.returncode == 0, f"{' '.join(words)}:\n{said[-6000:]}"
    return said


def environment(folder: Path) -> str:
    """Return a Python that has what a new service asks for, made in a folder.

    SCAFFOLD_PYTHON names one that is there already.
    """
    if given := os.environ.get("SCAFFOLD_PYTHON"):
        return given
    uv = shutil.which("uv") or str(Path(sys.executable).parent / "uv")
    if not Path(uv).exists():
        pytest.skip("uv is not installed")
    run([uv, "venv", "--quiet", "--python", sys.executable, "venv"], folder)
    python = str(folder / "venv" / "bin" / "python")
    wanted = ["-r", str(TEMPLATE / "pyproject.toml"), "--group", "dev"]
    run([uv, "pip", "install", "--quiet", "--python", python, *wanted], TEMPLATE)
    return python
