"""Environments that tests make, keep for later runs, and install packages into."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

import pytest


def unavailable(reason: str) -> NoReturn:
    """What asks for an environment cannot be tested: a failure in CI, else skipped."""
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


def uv_command() -> list[str] | None:
    """How to run uv here, or None."""
    probe = [sys.executable, "-m", "uv", "--version"]
    if subprocess.run(probe, capture_output=True, check=False).returncode == 0:
        return [sys.executable, "-m", "uv"]
    found = shutil.which("uv")
    return [found] if found else None


def run(command: list[str], seconds: int) -> str | None:
    """Run an installer. Why it failed, or None."""
    try:
        finished = subprocess.run(
            command, capture_output=True, text=True, timeout=seconds, check=False
        )
    except subprocess.TimeoutExpired:
        return f"{' '.join(command[:4])} … took longer than {seconds} s"
    if finished.returncode == 0:
        return None
    return f"{' '.join(command[:4])} …: {finished.stderr.strip()[-1500:]}"


def kept(directory: Path, install: Callable[[Path], str | None], untested: str) -> Path:
    """Return a folder that `install` has filled, now or in an earlier run.

    `install` tells why it could not, and then what is `untested` is reported.
    """
    complete = directory / "complete"
    if not complete.exists():
        shutil.rmtree(directory, ignore_errors=True)
        reason = install(directory)
        if reason is not None:
            shutil.rmtree(directory, ignore_errors=True)
            unavailable(f"{untested}: {reason}")
        complete.touch()
    return directory
