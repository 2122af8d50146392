"""The repository itself: what set-up relies on."""

import re
import sys
from pathlib import Path

import pytest

import roadworthy

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

ROOT = Path(__file__).parent.parent


def test_constraints_for_pip_are_the_locked_versions():
    lock = tomllib.loads((ROOT / "uv.lock").read_text("utf-8"))
    locked = {
        (package["name"], package["version"])
        for package in lock["package"]
        if package["name"] != "roadworthy"
    }
    lines = (ROOT / "constraints.txt").read_text("utf-8").splitlines()
    pattern = r"([a-z0-9-]+)==([^\s;]+)"
    assert {m.groups() for line in lines if (m := re.match(pattern, line))} == locked


def test_lock_names_the_public_index_alone():
    hosts = re.findall(r"https?://([^/\"]+)", (ROOT / "uv.lock").read_text("utf-8"))
    assert set(hosts) == {"pypi.org", "files.pythonhosted.org"}


def test_version_is_the_same_everywhere():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert roadworthy.__version__ == project["version"]


@pytest.mark.skipif(sys.platform == "win32", reason="a shell script")
def test_ci_script_can_be_run():
    assert (ROOT / ".ci" / "run").stat().st_mode & 0o100
