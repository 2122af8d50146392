"""The figures of judged findings, and the rows in which the judgements are kept."""

from __future__ import annotations

import importlib.util
import json
import sys
from pathlib import Path
from types import ModuleType

import pytest

from roadworthy.rules import registry

PROGRAM = Path(__file__).parents[2] / "benchmarks" / "rules" / "precision.py"
HEAD = "tree,path,line,rule,verdict,reason\n"


def _program() -> ModuleType:
    spec = importlib.util.spec_from_file_location("rules_precision", PROGRAM)
    assert spec is not None and spec.loader is not None
    module = sys.modules["rules_precision"] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


precision = _program()


def test_every_row_is_about_a_rule_and_no_place_is_judged_in_two_ways() -> None:
    verdicts = precision.read_verdicts()

    assert verdicts
    assert {place.rule for place in verdicts} <= set(registry.modules())


def test_findings_are_counted_by_what_is_known_of_them(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(
        HEAD + "shop,app.py,1,RW104,true,read\nshop,app.py,2,RW104,false,read\n"
    )
    report = tmp_path / "shop.json"
    findings = [
        {"rule": rule, "path": "app.py", "line": line}
        for rule, line in (("RW104", 1), ("RW104", 2), ("RW104", 3), ("RW302", 4))
    ]
    report.write_text(json.dumps({"findings": findings}))

    found = precision.findings_of(precision.parse_target(f"shop={report}"))
    rows = precision.figures(found, precision.read_verdicts(tmp_path))

    assert set(rows) == {"RW104"}
    assert (rows["RW104"].findings, rows["RW104"].judged) == (3, 2)
    assert rows["RW104"].precision == 0.5


@pytest.mark.parametrize(
    "rows",
    [
        "shop,app.py,1,RW104,maybe,read\n",
        "shop,app.py,one,RW104,true,read\n",
        "shop,app.py,1,RW104,true,\n",
        "shop,app.py,1,RW104,true,read\nshop,app.py,1,RW104,false,read again\n",
    ],
)
def test_rows_that_cannot_be_used_are_told(tmp_path: Path, rows: str) -> None:
    (tmp_path / "a.csv").write_text(HEAD + rows)

    with pytest.raises(precision.BenchmarkError, match=r"a\.csv:[23]"):
        precision.read_verdicts(tmp_path)
