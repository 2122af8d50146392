"""Runs the checker over every service in `tests/cases/` and compares the findings."""

from __future__ import annotations

from pathlib import Path

import pytest

from casefile import DEFAULT_SEVERITY, Site, read_case
from roadworthy.engine import run
from roadworthy.project.config import Settings

CASES = Path(__file__).parent / "cases"
EVENT_LOOP = tuple(DEFAULT_SEVERITY)
FILES = sorted(CASES.glob("*/*.py"))


@pytest.mark.parametrize(
    "file", FILES, ids=lambda file: f"{file.parent.name}/{file.stem}"
)
def test_findings_are_those_expected(file: Path, tmp_path: Path) -> None:
    case = read_case(file)
    root = tmp_path / "service"
    case.write_to(root)

    report = run(root, Settings(root=root, select=EVENT_LOOP), None)

    assert report.unread == ()
    found = {
        Site(finding.path, finding.line, finding.rule, finding.severity)
        for finding in report.findings
        if finding.rule in DEFAULT_SEVERITY
    }
    difference = case.difference(found)
    assert not difference, f"{case.title}\n{difference}"
