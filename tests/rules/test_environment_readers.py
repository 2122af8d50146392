"""RW205: objects that read the environment are known whether or not they are installed."""

from __future__ import annotations

from pathlib import Path

import pytest

from roadworthy.engine import run
from roadworthy.project.config import Settings

LIBRARY = """
class Config:
    def __init__(self, repository):
        self.repository = repository

    def __call__(self, name, default=None, cast=None):
        return self.repository


class AutoConfig:
    def __call__(self, name, default=None, cast=None):
        return name


config = AutoConfig()
"""
SERVICE = """
from decouple import AutoConfig, Config, config
from fastapi import FastAPI

NAME = config("NAME", default="x")
own = Config({})
SIZE = own("SIZE", cast=int)
auto = AutoConfig()
TITLE = auto("TITLE")
app = FastAPI(title=TITLE)
"""


@pytest.mark.parametrize("installed", [True, False])
def test_objects_of_decouple_read_the_environment(
    installed: bool, tmp_path: Path
) -> None:
    environment = tmp_path / "venv"
    packages = environment / "lib" / "python3.12" / "site-packages"
    packages.mkdir(parents=True)
    (environment / "pyvenv.cfg").write_text("version = 3.12.1\n")
    if installed:
        (packages / "decouple.py").write_text(LIBRARY)
    root = tmp_path / "service"
    root.mkdir()
    (root / "main.py").write_text(SERVICE)

    settings = Settings(
        root=root, select=("RW205",), python=environment, use_cache=False
    )
    findings = run(root, settings, None).findings

    assert [finding.line for finding in findings] == [5, 7, 9]
