"""Edits are laid into a text; all that lies outside of them stays as it is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roadworthy.findings import Edit, Fix
from roadworthy.fixes import edits


def edit(line: int, column: int, end_line: int, end_column: int, text: str) -> Edit:
    return Edit("a.py", line, column, end_line, end_column, text)


def test_an_edit_replaces_what_lies_between_its_positions() -> None:
    assert edits.apply("ab\ncd\n", [edit(1, 2, 2, 2, "X")]) == "aXd\n"


def test_line_ends_of_replacements_are_those_of_the_text() -> None:
    assert edits.apply("a\r\nb\r\n", [edit(2, 1, 2, 2, "x\ny")]) == "a\r\nx\r\ny\r\n"


def test_columns_count_characters() -> None:
    assert edits.apply("é = 'ü'\n", [edit(1, 5, 1, 8, "1")]) == "é = 1\n"


def test_equal_edits_count_once() -> None:
    same = edit(1, 1, 1, 1, "x")

    assert edits.apply("a", [same, same]) == "xa"


@pytest.mark.parametrize(
    "wrong", [edit(3, 1, 3, 1, ""), edit(1, 9, 1, 9, ""), edit(1, 2, 1, 1, "")]
)
def test_an_edit_outside_its_text_is_refused(wrong: Edit) -> None:
    with pytest.raises(edits.EditError, match=r"a\.py"):
        edits.apply("ab\n", [wrong])


def test_overlapping_edits_are_refused_and_their_fixes_conflict() -> None:
    one, other = edit(1, 1, 1, 3, "x"), edit(1, 2, 1, 4, "y")

    with pytest.raises(edits.EditError, match="overlap"):
        edits.apply("abcd", [one, other])
    assert edits.conflict(Fix(True, (one,)), Fix(True, (other,)))
    assert not edits.conflict(Fix(True, (one,)), Fix(True, (edit(1, 3, 1, 4, "y"),)))


LINES = st.lists(st.sampled_from(["a\n", "b\n", "\n", "c\r\n", "d"]), max_size=12)


@given(LINES, LINES)
def test_edits_between_two_texts_turn_one_into_the_other(
    old: list[str], new: list[str]
) -> None:
    # Line ends are those of the text: compared without them.
    before = "".join(old).replace("\r\n", "\n")
    after = "".join(new).replace("\r\n", "\n")

    assert edits.apply(before, edits.between("a.py", before, after)) == after
