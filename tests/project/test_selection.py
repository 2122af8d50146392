"""Codes and prefixes of codes."""

import pytest

from roadworthy.project.selection import is_selected, parse_codes


def test_splits_commas_and_spaces_and_takes_lower_case():
    assert parse_codes(["RW301, rw4", "ALL"]) == ("RW301", "RW4", "ALL")


@pytest.mark.parametrize("value", ["E501", "RW3011", "R", "RWX", "RW30*"])
def test_names_what_is_no_code(value):
    with pytest.raises(ValueError, match="is not a rule") as caught:
        parse_codes([value])
    assert f"`{value}`" in str(caught.value)


@pytest.mark.parametrize(
    ("select", "ignore", "wanted"),
    [
        ((), (), True),
        (("RW3",), (), True),
        (("RW30",), (), True),
        (("RW4",), (), False),
        (("RW301",), ("RW3",), True),
        (("RW3",), ("RW301",), False),
        (("RW301",), ("RW301",), False),
        (("ALL",), ("RW3",), False),
        (("RW3",), ("ALL",), True),
        ((), ("ALL",), False),
    ],
)
def test_the_longer_pattern_wins(select, ignore, wanted):
    assert is_selected("RW301", select, ignore) is wanted
