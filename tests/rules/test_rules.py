"""Runs every rule over its own examples and over its cases in `tests/cases/rules/`."""

from __future__ import annotations

from pathlib import Path

import pytest

from casefile import Case, Site, parse_case, read_case
from roadworthy.engine import run
from roadworthy.findings import Severity
from roadworthy.project.config import Settings
from roadworthy.rules import registry
from roadworthy.rules.base import Rule

RULES = registry.rules()
SEVERITIES: dict[str, Severity] = {rule.code: rule.severity for rule in RULES}
FILES = sorted((Path(__file__).parents[1] / "cases" / "rules").glob("*/*.py"))


def example(text: str) -> Case:
    """Return an example as a case; one of a single module is `main.py`."""
    mark = "" if text.startswith("# file: ") else "# file: main.py\n"
    return parse_case(f"# an example\n{mark}{text}", SEVERITIES)


def difference(case: Case, code: str, root: Path) -> str:
    """Return what a rule finds too much and too little in a case."""
    case.write_to(root)
    report = run(root, Settings(root=root, select=(code,)), None)
    assert report.unread == ()
    return case.difference(
        Site(finding.path, finding.line, finding.rule, finding.severity)
        for finding in report.findings
        if finding.rule == code
    )


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_wrong_example_is_flagged_on_the_marked_lines(
    rule: Rule, tmp_path: Path
) -> None:
    case = example(rule.wrong)
    assert {site.rule for site in case.expected} == {rule.code}

    assert difference(case, rule.code, tmp_path / "service") == ""


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_right_example_is_silent(rule: Rule, tmp_path: Path) -> None:
    case = example(rule.right)
    assert case.expected == frozenset()

    assert difference(case, rule.code, tmp_path / "service") == ""


@pytest.mark.parametrize(
    "file", FILES, ids=lambda file: f"{file.parent.name}/{file.stem}"
)
def test_case_has_the_findings_it_expects(file: Path, tmp_path: Path) -> None:
    code = file.parent.name.upper()
    case = read_case(file, SEVERITIES)
    assert {site.rule for site in case.expected | case.allowed} <= {code}

    found = difference(case, code, tmp_path / "service")

    assert found == "", f"{case.title}\n{found}"


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_rule_says_what_why_and_what_instead(rule: Rule) -> None:
    code, name = rule.code, rule.name
    assert registry.modules()[code].endswith(f".{code.lower()}")
    assert name == name.lower() and " " not in name
    for text in (rule.summary, rule.why, rule.instead):
        assert text.strip() and text.rstrip().endswith((".", ")", "`"))
    assert rule.references
