"""Making f-strings of PEP 701 readable to Python 3.10 and 3.11.

Those cannot read a field with a backslash, a comment, the string's own quotes or, in a
string of one line, a line end. The quotes of the strings inside are changed where that
is enough. Otherwise the string becomes a tuple of its fields, as long as it was.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from roadworthy.syntax.lexer import Field, String

_SPACE = ord(" ")


class _UnfitError(Exception):
    """No other quotes are left for a string inside."""


@dataclass(slots=True)
class FieldMender:
    """Changes f-strings in place; `tuples` are the places of those made tuples."""

    data: bytearray
    tuples: list[int] = field(default_factory=list)

    def mend(self, group: list[String]) -> None:
        """Make a group of implicitly joined strings, and all inside them, readable."""
        changes: dict[int, int] = {}
        try:
            for string in group:
                if not self.is_readable(string):
                    self.requote(string, changes)
        except _UnfitError:
            self.make_tuple(group)
            for string in group:
                for each in _all_fields(string.fields):
                    for inner in each.groups:
                        self.mend(inner)
        else:
            for offset, byte in changes.items():
                self.data[offset] = byte

    def is_readable(self, string: String) -> bool:
        """Whether Python before 3.12 reads the fields of a string."""
        for outer in string.fields:
            code = self.data[outer.start : outer.end]
            if b"\\" in code or string.quote in code or outer.comments:
                return False
            if len(string.quote) == 1 and (b"\n" in code or b"\r" in code):
                return False
            for nested in outer.nested:
                if nested.comments or nested.nested:
                    return False
        return all(
            self.is_readable(inner)
            for each in _all_fields(string.fields)
            for group in each.groups
            for inner in group
        )

    def requote(self, string: String, changes: dict[int, int]) -> None:
        """Collect the changes that make a string's fields readable, or raise `_UnfitError`."""
        char = string.quote[0]
        other = ord("'") if char == ord('"') else ord('"')
        quotes, used = [other], {char}
        if len(string.quote) == 3 and not any(
            string.quote in self.data[each.start : each.end] for each in string.fields
        ):
            quotes, used = [other, char], set()
        self.fit_fields(string, quotes, used, len(string.quote) == 1, changes)

    def fit_fields(
        self,
        string: String,
        quotes: list[int],
        used: set[int],
        one_line: bool,
        changes: dict[int, int],
    ) -> None:
        """Collect the changes to the code of a string's fields."""
        for outer in string.fields:
            if one_line and any(
                byte in b"\r\n" for byte in self.data[outer.start : outer.end]
            ):
                raise _UnfitError
            if any(nested.nested for nested in outer.nested):
                raise _UnfitError
        for each in _all_fields(string.fields):
            for start, end in each.comments:
                for offset in range(start, end):
                    if self.data[offset] not in b"\r\n":
                        changes[offset] = _SPACE
            changes.update(dict.fromkeys(each.continuations, _SPACE))
            for group in each.groups:
                for inner in group:
                    self.fit(inner, quotes, used, one_line, changes)

    def fit(
        self,
        string: String,
        quotes: list[int],
        used: set[int],
        one_line: bool,
        changes: dict[int, int],
    ) -> None:
        """Give an inner string quotes that are left, and a content that suits them."""
        if not quotes:
            raise _UnfitError
        quote = quotes[0]
        size = len(string.quote)
        edges = [
            *range(string.body - size, string.body),
            *range(string.end - size, string.end),
        ]
        changes.update(dict.fromkeys(edges, quote))
        inside = _literal_offsets(string)
        skip = -1
        for offset in inside:
            byte = self.data[offset]
            if offset == skip:
                if byte < 0x80 and byte not in b"\r\n":
                    changes[offset] = _SPACE
            elif byte == ord("\\"):
                changes[offset] = _SPACE
                skip = offset + 1
            elif byte in used or byte == quote:
                changes[offset] = _SPACE
        self.fit_fields(string, quotes[1:], used | {quote}, one_line, changes)

    def make_tuple(self, group: list[String]) -> None:
        """Turn strings into `(expression, expression,)` with the expressions in place."""
        start, end = group[0].start, group[-1].end
        keep: set[int] = set()
        commas: list[int] = []
        for string in group:
            for each in _all_fields(string.fields):
                keep.update(range(each.start + 1, each.code_end))
                commas.append(each.code_end)
        for offset in range(start, end):
            if offset not in keep and self.data[offset] not in b"\r\n":
                self.data[offset] = _SPACE
        for offset in commas:
            self.data[offset] = ord(",")
        self.data[start] = ord("(")
        self.data[end - 1] = ord(")")
        self.tuples.append(start)


def _all_fields(fields: list[Field]) -> Iterator[Field]:
    """Yield fields and those nested in their format specifications."""
    pending = list(fields)
    while pending:
        each = pending.pop()
        yield each
        pending.extend(each.nested)


def _literal_offsets(string: String) -> Iterator[int]:
    """Yield the places of a string's content outside of the code of its fields."""
    offset = string.body
    for each in string.fields:
        yield from range(offset, each.start)
        yield from _specification_offsets(each)
        offset = each.end
    yield from range(offset, string.end - len(string.quote))


def _specification_offsets(outer: Field) -> Iterator[int]:
    offset = outer.code_end + 1
    for nested in outer.nested:
        yield from range(offset, nested.start)
        yield from _specification_offsets(nested)
        offset = nested.end
    yield from range(offset, outer.end - 1)
