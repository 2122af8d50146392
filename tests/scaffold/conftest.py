"""What the scaffold's tests share: a copy of the template service to add to."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from roadworthy import cli
from roadworthy.scaffold.project import TEMPLATE, template_files
from servicerun import environment

Run = Callable[..., int]


def copy_template(folder: Path) -> Path:
    """Copy the template into a folder and return that."""
    for path in template_files():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(TEMPLATE / path, target)
    return folder


def contents(folder: Path) -> dict[str, bytes]:
    """Return every file below a folder and what it holds."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


@pytest.fixture
def service(tmp_path: Path) -> Path:
    """Return a copy of the template service."""
    return copy_template(tmp_path / "service")


@pytest.fixture
def add(service: Path) -> Run:
    """Return what adds a resource to the service and returns the exit status."""

    def run(*words: str) -> int:
        return cli.main(["add", "resource", *words, "--path", str(service)])

    return run


@pytest.fixture(scope="session")
def python(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return a Python that has what a new service asks for."""
    return environment(tmp_path_factory.mktemp("environment"))
