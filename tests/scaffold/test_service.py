"""The template service where it stands: its tests and linters pass, `check` is silent.

TEST_DATABASE_URL, which the service's tests read, moves them to PostgreSQL or MariaDB.
"""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from roadworthy import cli
from roadworthy.scaffold.project import TEMPLATE
from servicerun import run

pytestmark = pytest.mark.skipif(
    sys.version_info < (3, 11), reason="the service needs Python 3.11"
)
NO_CACHE = ("-p", "no:cacheprovider")
START_SECONDS = 60


def test_its_tests_pass_and_cover_it(python: str, tmp_path: Path) -> None:
    said = run(
        [python, "-B", "-m", "pytest", "-q", *NO_CACHE, "--cov"],
        TEMPLATE,
        COVERAGE_FILE=str(tmp_path / "coverage"),
    )
    assert "Required test coverage of 95.0% reached" in said


@pytest.mark.parametrize(
    "tool",
    [
        ("black", "--check", "--quiet", "."),
        ("isort", "--check", "."),
        ("ruff", "check", "--no-cache", "."),
        ("mypy", "--cache-dir", "/dev/null"),
    ],
    ids=lambda words: words[0],
)
def test_linters_and_types_are_content(tool: tuple[str, ...], python: str) -> None:
    run([python, "-B", "-m", *tool], TEMPLATE)


def test_check_finds_nothing(python: str, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["check", str(TEMPLATE), "--python", python, "--no-cache"]
    status = cli.main([*words, "--advice", "--format", "json"])
    report = json.loads(capsys.readouterr().out)
    assert [finding["rule"] for finding in report["findings"]] == []
    assert report["unread"] == []
    assert status == 0


def test_it_migrates_and_serves(python: str, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'service.db'}"
    run([python, "-B", "-m", "alembic", "upgrade", "head"], TEMPLATE, DATABASE_URL=url)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    serve = ["-m", "uvicorn", "app.main:create_app", "--factory", "--port", str(port)]
    process = subprocess.Popen(
        [python, "-B", *serve],
        cwd=TEMPLATE,
        env={"DATABASE_URL": url, "PATH": ""},
        stdout=subprocess.DEVNULL,
    )
    try:
        ready = f"http://127.0.0.1:{port}/health/ready"
        assert answer_of(ready, process) == {"status": "ok"}
    finally:
        process.terminate()
        process.wait(30)


def answer_of(url: str, process: subprocess.Popen[bytes]) -> object:
    """Return what the URL answers as soon as the process listens."""
    end = time.monotonic() + START_SECONDS
    while True:
        assert process.poll() is None, "the service has ended"
        try:
            with urllib.request.urlopen(url, timeout=10) as response:
                return json.load(response)
        except OSError:
            assert time.monotonic() < end, "the service does not listen"
            time.sleep(0.2)
