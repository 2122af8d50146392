"""Small synchronous services are migrated, and answer as before when they are run."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from roadworthy.findings import Report
from roadworthy.fixes import rounds, trial
from roadworthy.fixes.async_db import migrate
from roadworthy.project.config import load_settings

pytest.importorskip("aiosqlite")
pytest.importorskip("greenlet")

_HERE = Path(__file__).parent
_SERVICES = sorted((_HERE / "services").glob("*.txt"))
_PROBE = "probe.py"
"""The requests of a case, which its migration does not see."""
_GONE = ("RW104", "RW302", "RW310", "RW311", "RW318")


def _lay_out(case: Path, folder: Path) -> None:
    """Write the files of a case, but for its probe: `=== path` begins each."""
    name = ""
    texts: dict[str, list[str]] = {}
    for line in case.read_text(encoding="utf-8").splitlines(keepends=True):
        if line.startswith("=== "):
            name = line[4:].strip()
            texts[name] = []
        else:
            texts[name].append(line)
    for name, lines in texts.items():
        if name == _PROBE:
            continue
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text("".join(lines), encoding="utf-8")


def _run(folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
    known = ("PATH", "HOME", "LANG", "SYSTEMROOT")
    environment = {k: v for k, v in os.environ.items() if k in known}
    return subprocess.run(
        [sys.executable, *command],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=120,
        env={**environment, "PYTHONPATH": str(folder)},
    )


def _answers(case: Path, folder: Path) -> str:
    probe = case.read_text(encoding="utf-8").rpartition(f"=== {_PROBE}\n")[2]
    (folder / _PROBE).write_text(probe, encoding="utf-8")
    shutil.copy(_HERE / "probing.py", folder / "probing.py")
    for left_over in folder.glob("*.db"):
        left_over.unlink()
    done = _run(folder, _PROBE)
    assert done.returncode == 0, done.stderr
    return done.stdout


def _tests(folder: Path) -> None:
    if not list(folder.rglob("test_*.py")):
        return
    done = _run(folder, "-m", "pytest", "-q", "-p", "no:cacheprovider")
    assert done.returncode == 0, done.stdout + done.stderr


def _migrate(folder: Path) -> rounds.Outcome:
    settings = replace(load_settings(folder), python=Path(sys.prefix), use_cache=False)
    wanted = rounds.Options(unsafe=True, select=("RW3",), rewrites=(migrate,))
    outcome = rounds.fix(settings, wanted)
    trial.put(settings.folder, dict(outcome.results))
    return outcome


def _findings(report: Report) -> list[str]:
    return [
        f"{f.rule} {f.path}:{f.line} {f.message}"
        for f in report.findings
        if f.rule in _GONE
    ]


@pytest.mark.parametrize("case", _SERVICES, ids=lambda case: case.stem)
def test_a_service_answers_as_before(case: Path, tmp_path: Path) -> None:
    before, after = tmp_path / "before", tmp_path / "after"
    for folder in (before, after):
        _lay_out(case, folder)
    outcome = _migrate(after)
    assert not outcome.refused
    assert outcome.results
    expected = _answers(case, before)
    assert '"get"' in expected
    assert _answers(case, after) == expected
    _tests(before)
    _tests(after)
    assert _findings(outcome.after) == []
    assert not _migrate(after).results, "a second migration"
