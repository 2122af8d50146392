"""A service to check, and a stand-in for the engine where its answers do not matter."""

import sys
import types

import pytest

import roadworthy
from roadworthy import cli
from roadworthy.findings import Finding, Report
from roadworthy.project import cache


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    """Keep the user's own cache, environment and terminal out of the tests."""
    monkeypatch.setattr(cache, "_user_folder", lambda: tmp_path / "home")
    for name in ("VIRTUAL_ENV", "CONDA_PREFIX", "NO_COLOR", "FORCE_COLOR", "TERM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("COLUMNS", "80")


@pytest.fixture
def service(tmp_path):
    root = tmp_path / "service"
    (root / "app").mkdir(parents=True)
    (root / ".git").mkdir()
    (root / "app" / "main.py").write_text("import requests\n\nrequests.get('/')\n")
    return root


@pytest.fixture
def finding():
    """Return a function that makes a finding on the service's third line."""

    def make(rule="RW301", severity="error", **changes):
        values = {
            "path": "app/main.py",
            "line": 3,
            "column": 1,
            "end_line": 3,
            "end_column": 18,
            "message": "it blocks",
            "why": "all wait",
            "instead": "await",
        }
        values.update(changes)
        return Finding(rule=rule, name="blocking-http", severity=severity, **values)

    return make


@pytest.fixture
def engine(monkeypatch):
    """Put a stand-in in the engine's place: it answers with `engine.report`."""
    stand_in = types.ModuleType("roadworthy.engine")
    stand_in.report = Report(findings=())
    stand_in.calls = []

    def run(root, settings, progress, discovery=None, store=None):
        stand_in.calls.append((root, settings))
        if isinstance(stand_in.report, BaseException):
            raise stand_in.report
        return stand_in.report

    stand_in.run = run
    monkeypatch.setitem(sys.modules, "roadworthy.engine", stand_in)
    monkeypatch.setattr(roadworthy, "engine", stand_in, raising=False)
    return stand_in


@pytest.fixture
def check(capsys):
    """Return a function that runs `roadworthy check`: status, output, errors."""

    def run(*arguments):
        try:
            status = cli.main(["check", *map(str, arguments)])
        except SystemExit as stop:
            status = stop.code
        captured = capsys.readouterr()
        return status, captured.out, captured.err

    return run
