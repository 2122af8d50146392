"""What black is asked about single statements: it must say what it says of the file."""

from __future__ import annotations

from pathlib import Path

import pytest

from roadworthy.rules.language.probe import candidates, changed_files

_BEFORE = """\
import os

x = {  'a': 1 }


def f():
    return   x
"""
_AFTER = """\
import os

x = {"a": 1}


def f():
    return x
"""


def _edit(before: str, after: str) -> tuple[tuple[int, int], tuple[int, int], str]:
    lines = before.split("\n")
    return (1, 1), (len(lines), len(lines[-1]) + 1), after


def test_the_shortest_changed_statement_comes_first() -> None:
    assert candidates(_BEFORE, *_edit(_BEFORE, _AFTER)) == [
        "x = {  'a': 1 }\n",
        "def f():\n    return   x\n",
    ]


@pytest.mark.parametrize(
    "before",
    [
        "# fmt: off\n" + _BEFORE,  # black may be told to leave it
        "'doc'\n",  # would be a module's docstring, which black treats otherwise
        "x = 1;  y = 2\n",  # no text of its own
        "x = = 1\n",
    ],
)
def test_what_alone_says_nothing_is_not_shown(before: str) -> None:
    assert candidates(before, *_edit(before, before.replace("'", '"') + "\n")) == []


def test_only_files_that_black_changes_are_named(tmp_path: Path) -> None:
    bad, good = tmp_path / "bad.py", tmp_path / "good.py"
    bad.write_text(_BEFORE)
    # Ruff and black differ in nothing here; an edit that black does not make must
    # not count.
    good.write_text(_AFTER)
    jobs = [
        (str(bad), *_edit(_BEFORE, _AFTER)),
        (str(good), *_edit(_AFTER, _AFTER.replace("return x", "return (x)"))),
    ]
    assert changed_files(jobs) == [str(bad)]


def test_the_configured_line_length_counts(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[tool.black]\nline-length = 200\n")
    text = "x = [" + ", ".join(["'value'.upper()"] * 9) + "]\n"
    wide = text.replace("'", '"')
    file = tmp_path / "wide.py"
    file.write_text(wide)
    assert changed_files([(str(file), *_edit(wide, wide.replace(", ", ",\n")))]) == []
