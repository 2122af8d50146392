"""The intermediate form that the evaluator runs: nested tuples of plain values.

A syntax tree is lowered once per file content; the result can be written to disk with
`marshal` and read back many times faster than the file can be parsed. An expression or
statement is a tuple whose first item is one of the operation numbers below. Positions
are single integers relative to the function they stand in, so that a function whose
text did not change keeps its code even when it moves within the file.
"""

from __future__ import annotations

from typing import Any, NamedTuple

Node = tuple[Any, ...]
"""An operation number followed by its operands."""

LAYOUT_VERSION = 3
"""Raised when the form changes, so that cached code of another form is not used."""

# Expressions: operands are named after each number.
CONST = 0  # value: None, bool, int, str
SCALAR = 1  # type name: of a constant or display whose value does not matter
NAME = 2  # identifier, position
ATTR = 3  # object, attribute, position
CALL = 4  # function, positional, keywords ((name | None, value), ...), position
AWAIT = 5  # value, position
LAMBDA = 6  # code
BOOL = 7  # is_or, operands
COMPARE = 8  # left, operator, right, position
NOT = 9  # operand
BINARY = 10  # operator, left, right, position
SUBSCRIPT = 11  # value, index, position
SEQUENCE = 12  # kind, elements
DICT = 13  # ((key | None, value), ...)
COMPREHENSION = 14  # kind, element, value | None, generators, position
IF_EXP = 15  # test, body, orelse
STARRED = 16  # value
YIELD = 17  # value | None
YIELD_FROM = 18  # value, position
WALRUS = 19  # name, value
PARTS = 20  # type name, parts ((value, method, position), ...): f-strings
SLICE = 21  # parts

# Statements
EXPR = 40  # value
ASSIGN = 41  # targets, value
AUG_ASSIGN = 42  # target, operator, value, position
ANN_ASSIGN = 43  # target, annotation, value | None
RETURN = 44  # value | None
IF = 45  # test, body, orelse
FOR = 46  # target, iterable, body, orelse, is_async, position
WHILE = 47  # test, body, orelse
WITH = 48  # ((value, target | None, position), ...), body, is_async
TRY = 49  # body, handlers ((type | None, name | None, body), ...), orelse, finally
DEF = 50  # code, decorators ((value, position), ...)
CLASS = 51  # name, bases, keywords, decorators, code, type parameters
IMPORT = 52  # ((dotted name, alias | None), ...)
IMPORT_FROM = 53  # level, module | None, ((name, alias | None), ...)
RAISE = 54  # value | None
DELETE = 55  # targets
MATCH = 56  # subject, ((bound names, guard | None, class patterns, body), ...)
BREAK = 57
CONTINUE = 58

# Kinds of parameters
POSITIONAL_ONLY, POSITIONAL, VAR_POSITIONAL, KEYWORD_ONLY, VAR_KEYWORD = range(5)

_COLUMN_BITS = 12
_SPAN_BITS = 12
_MASK = (1 << _COLUMN_BITS) - 1


class Position(NamedTuple):
    """A span in a file: lines and columns begin at 1."""

    line: int
    column: int
    end_line: int
    end_column: int


def pack(line: int, column: int, end_line: int, end_column: int, first: int) -> int:
    """Pack a span (0-based columns in characters) relative to line `first`."""
    span = min(end_line - line, _MASK)
    packed = line - first
    packed = packed << _COLUMN_BITS | min(column, _MASK)
    packed = packed << _SPAN_BITS | span
    return packed << _COLUMN_BITS | min(end_column, _MASK)


def unpack(packed: int, first: int) -> Position:
    """Return the span that `pack` made, in lines of the file."""
    end_column = packed & _MASK
    packed >>= _COLUMN_BITS
    span = packed & _MASK
    packed >>= _SPAN_BITS
    column = packed & _MASK
    line = (packed >> _COLUMN_BITS) + first
    return Position(line, column + 1, line + span, end_column + 1)


class Parameter(NamedTuple):
    """A parameter of a function."""

    name: str
    kind: int
    default: Node | None
    annotation: Node | None


class Code(NamedTuple):
    """A function, class body or module, ready to be evaluated."""

    name: str
    qualified_name: str
    first_line: int
    column: int
    is_async: bool
    is_generator: bool
    parameters: tuple[Parameter, ...]
    returns: Node | None
    body: tuple[Node, ...]
    local_names: frozenset[str]
    global_names: frozenset[str]
    self_attributes: frozenset[str]
    """Attributes that a method assigns on its first parameter."""
    is_stub: bool
    """The body only raises NotImplementedError, passes, or is `...`."""

    @property
    def is_lambda(self) -> bool:
        """Whether this is the body of a lambda expression."""
        return self.name == "<lambda>"
