"""Which rules a run wants: codes and code prefixes, as ruff reads them."""

from __future__ import annotations

import re
from collections.abc import Iterable

_CODE = re.compile(r"ALL|RW\d{0,3}")


def parse_codes(values: Iterable[str]) -> tuple[str, ...]:
    """Split comma-separated codes and check that each is a code or a prefix of codes.

    `RW301` is one rule, `RW3` or `RW30` every rule that begins so, `ALL` every rule.

    Raises:
        ValueError: a value is none of these; the message names it.
    """
    codes: list[str] = []
    for value in values:
        for code in re.split(r"[,\s]+", value.strip()):
            if not code:
                continue
            if not _CODE.fullmatch(code.upper()):
                raise ValueError(
                    f"`{code}` is not a rule: write a code such as RW301, "
                    "the beginning of one such as RW3, or ALL"
                )
            codes.append(code.upper())
    return tuple(codes)


def match_length(code: str, patterns: Iterable[str]) -> int:
    """Return the length of the longest pattern that fits the code, or -1 for none.

    `ALL` fits every code and counts as length 0.
    """
    longest = -1
    for pattern in patterns:
        if pattern == "ALL":
            longest = max(longest, 0)
        elif code.startswith(pattern):
            longest = max(longest, len(pattern))
    return longest


def is_selected(code: str, select: Iterable[str], ignore: Iterable[str]) -> bool:
    """Tell whether a rule is wanted; the longer of two contrary patterns wins.

    An empty `select` means every rule. Of equally long patterns `ignore` wins.
    """
    chosen = match_length(code, tuple(select) or ("ALL",))
    return chosen >= 0 and chosen > match_length(code, ignore)
