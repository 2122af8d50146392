"""Runs the fix of every rule that has one over the rule's wrong example."""

from __future__ import annotations

from pathlib import Path

import pytest

from casefile import Case, parse_case
from roadworthy.fixes.rounds import Options, fix
from roadworthy.project.config import Settings
from roadworthy.rules import registry
from roadworthy.rules.base import Rule

RULES = registry.rules()
SEVERITIES = {rule.code: rule.severity for rule in RULES}
FIXED = [rule for rule in RULES if rule.fixed]


def example(text: str) -> Case:
    """Return an example as a case; one of a single module is `main.py`."""
    mark = "" if text.startswith("# file: ") else "# file: main.py\n"
    return parse_case(f"# an example\n{mark}{text}", SEVERITIES)


def _ended(texts: dict[str, str]) -> dict[str, str]:
    """Return modules without their last line ends: an example has no room for them."""
    return {path: text.rstrip("\n") for path, text in texts.items()}


@pytest.mark.parametrize("rule", FIXED, ids=lambda rule: rule.code)
def test_wrong_becomes_fixed(rule: Rule, tmp_path: Path) -> None:
    case = example(rule.wrong)
    case.write_to(tmp_path)
    settings = Settings(root=tmp_path, select=(rule.code,), use_cache=False)

    outcome = fix(settings, Options(unsafe=not rule.fix_safe))

    assert outcome.refused == ()
    assert all(proposal.fix.safe == rule.fix_safe for proposal in outcome.applied)
    assert all(p.fix.safe or p.fix.note for p in outcome.applied)
    texts = case.modules | {p: data.decode() for p, data in outcome.results.items()}
    assert _ended(texts) == _ended(example(rule.fixed).modules)
    assert case.modules == {p: (tmp_path / p).read_text("utf-8") for p in case.modules}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_rule_with_a_fix_shows_and_describes_it(rule: Rule) -> None:
    has_fix = registry.load(rule.code).fix is not None

    assert bool(rule.fixed) == has_fix
    assert bool(rule.fix_summary) == has_fix
