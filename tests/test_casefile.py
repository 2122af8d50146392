"""The format of the cases: modules, titles, expectations and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from casefile import CaseError, Site, parse_case, read_case

CASES = Path(__file__).parent / "cases"
NEWER_SYNTAX = "newer_syntax"
"""Cases that the oldest supported interpreter cannot compile, though it must check them."""


def test_a_case_without_marks_is_one_module_with_its_lines_as_they_stand() -> None:
    text = "# title\nimport time\n\ntime.sleep(1)  # expect: RW303\n"
    case = parse_case(text)
    assert case.title == "title"
    assert case.modules == {"main.py": text}
    assert case.expected == {Site("main.py", 4, "RW303", "error")}


def test_lines_count_from_the_line_after_the_mark() -> None:
    case = parse_case(
        "# title\n# file: a.py\nx()  # expect: RW301\n# file: b/c.py\n\ny()  # expect: RW304\n"
    )
    assert case.modules == {
        "a.py": "x()  # expect: RW301",
        "b/c.py": "\ny()  # expect: RW304\n",
    }
    assert case.expected == {
        Site("a.py", 1, "RW301", "error"),
        Site("b/c.py", 2, "RW304", "warning"),
    }


def test_a_line_can_expect_several_findings_and_other_severities() -> None:
    case = parse_case("# title\nx()  # expect: RW301 warning, RW304 advice\n")
    assert case.expected == {
        Site("main.py", 2, "RW301", "warning"),
        Site("main.py", 2, "RW304", "advice"),
    }


def test_what_is_allowed_is_neither_missing_nor_unexpected() -> None:
    case = parse_case("# title\nx()  # allow: RW302\n")
    assert case.expected == frozenset()
    assert case.difference([]) == ""
    assert case.difference([Site("main.py", 2, "RW302", "error")]) == ""
    assert case.difference([Site("main.py", 2, "RW302", "warning")]) != ""


def test_the_difference_names_both_sides_with_their_source() -> None:
    case = parse_case("# title\nx()  # expect: RW302\ny()\n")
    difference = case.difference([Site("main.py", 3, "RW301", "error")])
    assert difference.split("\n") == [
        "missing    RW302 error   main.py:2: x()  # expect: RW302",
        "unexpected RW301 error   main.py:3: y()",
    ]


def test_a_case_is_laid_out_on_disk(tmp_path: Path) -> None:
    parse_case("# title\n# file: a/b.py\nx = 'é'\n").write_to(tmp_path / "root")
    assert (tmp_path / "root/a/b.py").read_text(encoding="utf-8") == "x = 'é'\n"


@pytest.mark.parametrize(
    "text",
    [
        "import time\n",
        "# file: a.py\nx()\n",
        "# title\nx()  # expect: RW999\n",
        "# title\nx()  # expect: RW309\n",
        "# title\nx()  # expect: RW301 fatal\n",
        "# title\nx()  # expect RW301\n",
        "# title\nx()  # expect:\n",
        "# title\n# file: a.py\nx()\n# file: a.py\ny()\n",
        "# title\n# file: ../a.py\nx()\n",
        "# title\n# file: /a.py\nx()\n",
        "# title\nx()\n# file: a.py\ny()\n",
    ],
)
def test_what_does_not_keep_to_the_format_is_refused(text: str) -> None:
    with pytest.raises(CaseError):
        parse_case(text)


@pytest.mark.parametrize(
    "file",
    sorted(CASES.glob("*/*.py")),
    ids=lambda file: f"{file.parent.name}/{file.stem}",
)
def test_every_module_of_a_case_compiles(file: Path) -> None:
    case = read_case(file)
    assert len(case.title) > 10
    if file.parent.name == NEWER_SYNTAX:
        pytest.skip("not for every interpreter that runs the tests")
    for path, source in case.modules.items():
        if path.endswith(".py"):
            compile(source, f"{file}:{path}", "exec", dont_inherit=True)
