"""Rewriting syntax newer than the running interpreter, so that its `ast` parses it.

Every change keeps the length in bytes, so positions in the tree hold in the text as it
was written. What the changes bend (a statement `type;` before an alias) `restore` puts
right again in the tree.
"""

from __future__ import annotations

import ast
from bisect import bisect_right
from dataclasses import dataclass, field

from roadworthy.syntax.fstrings import FieldMender
from roadworthy.syntax.lexer import (
    MAX_BRACKETS,
    CannotLexError,
    Kind,
    Lexed,
    Token,
    lex,
)

Version = tuple[int, int]

_GENERICS = (3, 12)
_DEFAULTS = (3, 13)
_OPERANDS_END = (Kind.NAME, Kind.STRING)
_KEYWORDS = frozenset(
    b"and as assert async await break case class continue def del elif else except"
    b" finally for from global if import in is lambda match nonlocal not or pass raise"
    b" return try type while with yield".split()
) - {b"case", b"match", b"type"}
_NO_HANDLER = (b"as", b"lambda", b"if", b";")


@dataclass(slots=True)
class Rewriting:
    """Text that the interpreter may parse, and what its tree then has to be rid of."""

    text: str
    tuples: frozenset[tuple[int, int]]
    """Exceptions of `except A, B`, which are parsed as the comparison `A< B`."""
    markers: frozenset[tuple[int, int]]
    """Statements `type` and `lazy`, left over from the words before a statement."""
    strings: frozenset[tuple[int, int]]
    """F-strings that are parsed as a tuple of their fields."""

    def restore(self, tree: ast.Module) -> ast.Module:
        """Return the tree that the text as written stands for, as near as may be."""
        restored = _Restorer(self).visit(tree)
        assert isinstance(restored, ast.Module)
        return restored


def rewrite(text: str, version: Version) -> Rewriting | None:
    """Rewrite what Python of this version does not know, up to Python 3.15.

    Returns None if there is nothing to rewrite, or the text is broken. Raises
    `UnicodeEncodeError` for text with lone surrogates.
    """
    data = text.encode()
    try:
        lexed = lex(data)
    except CannotLexError:
        return None
    rewriter = _Rewriter(bytearray(data), lexed, version)
    rewriter.run()
    if rewriter.data == data:
        return None
    lines = _line_starts(data)

    def positions(offsets: list[int]) -> frozenset[tuple[int, int]]:
        return frozenset(
            (line, offset - lines[line - 1])
            for offset in offsets
            for line in [bisect_right(lines, offset)]
        )

    return Rewriting(
        rewriter.data.decode(),
        positions(rewriter.tuples),
        positions(rewriter.markers),
        positions(rewriter.strings),
    )


def _line_starts(data: bytes) -> list[int]:
    starts = [0]
    for line in data.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    return starts


@dataclass(slots=True)
class _Rewriter:
    data: bytearray
    lexed: Lexed
    version: Version
    tuples: list[int] = field(default_factory=list)
    markers: list[int] = field(default_factory=list)
    strings: list[int] = field(default_factory=list)

    def run(self) -> None:
        tokens = self.lexed.tokens
        begins = True
        openings = [0] * (MAX_BRACKETS + 1)
        for index, token in enumerate(tokens):
            if token.text in (b"(", b"[", b"{"):
                openings[token.depth] = index
            if token.kind is Kind.NAME:
                self.name(index, token, begins)
            elif token.kind is Kind.OPERATOR and token.text in (b"*", b"**"):
                self.star(index, token, openings[token.depth - 1])
            begins = token.kind is Kind.NEWLINE or (
                token.depth == 0 and token.text in (b";", b":")
            )
        for string in self.lexed.strings:
            if self.version < (3, 14):
                for offset, letter in enumerate(string.prefix, string.start):
                    if letter in b"tT":
                        self.data[offset] = ord("f") if letter == ord("t") else ord("F")
        if self.version < (3, 12):
            mender = FieldMender(self.data)
            for group in self.lexed.groups:
                mender.mend(group)
            self.strings.extend(mender.tuples)

    def token(self, index: int) -> Token | None:
        tokens = self.lexed.tokens
        return tokens[index] if 0 <= index < len(tokens) else None

    def text(self, index: int) -> bytes:
        token = self.token(index)
        return token.text if token else b""

    def blank(self, start: int, end: int) -> None:
        for offset in range(start, end):
            if self.data[offset] not in (ord("\r"), ord("\n")):
                self.data[offset] = ord(" ")

    def name(self, index: int, token: Token, begins: bool) -> None:
        match token.text:
            case b"def" | b"class" if self.text(index + 2) == b"[":
                self.type_parameters(index + 2)
            case b"except" if begins:
                self.handler(index)
            case b"type" if begins:
                self.alias(index, token)
            case b"lazy" if begins and self.text(index + 1) in (b"import", b"from"):
                if self.version < (3, 15):
                    self.mark(token)

    def mark(self, token: Token) -> None:
        """Make the word before a statement one of its own: `type X = …`, `type;X = …`."""
        if self.data[token.end] in (ord(" "), ord("\t")):
            self.data[token.end] = ord(";")
            self.markers.append(token.start)

    def alias(self, index: int, token: Token) -> None:
        following = self.token(index + 1)
        if following is None or following.kind is not Kind.NAME:
            return
        if following.text in _KEYWORDS:
            return
        if self.text(index + 2) == b"[":
            closing = self.type_parameters(index + 2)
            is_alias = self.text(closing + 1) == b"="
        else:
            is_alias = self.text(index + 2) == b"="
        if is_alias and self.version < _GENERICS:
            self.mark(token)

    def closing(self, index: int) -> int:
        """Return the index of the bracket that closes the one at an index."""
        depth = self.lexed.tokens[index].depth
        for end in range(index + 1, len(self.lexed.tokens)):
            token = self.lexed.tokens[end]
            if token.depth == depth and token.kind is Kind.OPERATOR:
                return end
        return index

    def type_parameters(self, index: int) -> int:
        closing = self.closing(index)
        tokens = self.lexed.tokens
        depth = tokens[index].depth + 1
        has_default = any(
            token.text == b"=" and token.depth == depth
            for token in tokens[index:closing]
        )
        if self.version < (_DEFAULTS if has_default else _GENERICS):
            start, end = tokens[index].start, tokens[closing].end
            self.blank(start, end)
            following = self.token(closing + 1)
            # Parentheses hold the lines together that the brackets did.
            if following and following.text == b"(":
                self.data[start] = ord("(")
                self.blank(end, following.end)
            elif following and following.text == b":":
                self.data[start] = ord("(")
                self.data[end - 1] = ord(")")
            else:
                self.join_lines(start, end)
        return closing

    def join_lines(self, start: int, end: int) -> None:
        for offset in range(start + 1, end):
            at_line_end = self.data[offset] in (ord("\r"), ord("\n"))
            if at_line_end and self.data[offset - 1] == ord(" "):
                self.data[offset - 1] = ord("\\")

    def handler(self, index: int) -> None:
        start = index + 1
        if self.text(start) == b"*":
            if self.version < (3, 11):
                star = self.lexed.tokens[start]
                self.blank(star.start, star.end)
            start += 1
        first = self.token(start)
        if first is None or self.version >= (3, 14):
            return
        commas: list[Token] = []
        for end in range(start, len(self.lexed.tokens)):
            token = self.lexed.tokens[end]
            if token.depth > first.depth or token.text in (b")", b"]", b"}"):
                continue
            if token.text == b"," and token.kind is Kind.OPERATOR:
                commas.append(token)
            elif token.text in _NO_HANDLER or token.kind is Kind.NEWLINE:
                return
            elif token.text == b":":
                if commas and self.text(end - 1) == b",":
                    return
                break
        for comma in commas:
            self.data[comma.start] = ord("<")
        if commas:
            self.tuples.append(first.start)

    def star(self, index: int, token: Token, opening: int) -> None:
        """Blank a star that unpacks where older versions do not let it."""
        before = self.token(index - 1)
        if before is None or not token.depth:
            return
        if (
            self.version < (3, 15)
            and before.text in (b"(", b"[", b"{")
            and self.is_comprehension(index)
        ):
            self.blank(token.start, token.end)
            return
        if self.version >= (3, 11) or token.text != b"*":
            return
        is_annotation = before.text == b":" and self.annotates_star(index - 1)
        if is_annotation or self.is_in_subscript(index, opening):
            self.blank(token.start, token.end)

    def is_comprehension(self, index: int) -> bool:
        depth = self.lexed.tokens[index].depth
        for token in self.lexed.tokens[index + 1 :]:
            if token.depth < depth:
                return False
            if token.depth == depth and token.text == b",":
                return False
            if token.depth == depth and token.text == b"for":
                return True
        return False

    def annotates_star(self, colon: int) -> bool:
        """Whether the colon is that of `*args: *Ts`."""
        before = self.text(colon - 3)
        return self.text(colon - 2) == b"*" and before in (b"(", b",")

    def is_in_subscript(self, index: int, opening: int) -> bool:
        """Whether the star begins an item of `x[…]`."""
        if self.text(index - 1) not in (b"[", b","):
            return False
        before = self.token(opening - 1)
        if before is None or self.text(opening) != b"[":
            return False
        if before.text in (b"case", b"match"):
            line_before = self.token(opening - 2)
            return line_before is not None and line_before.kind is not Kind.NEWLINE
        if before.kind in _OPERANDS_END:
            return before.text not in _KEYWORDS
        return before.text in (b")", b"]", b"}")


class _Restorer(ast.NodeTransformer):
    def __init__(self, rewriting: Rewriting) -> None:
        self.rewriting = rewriting
        self.marker: ast.Expr | None = None

    def visit_ExceptHandler(self, node: ast.ExceptHandler) -> ast.AST:
        self.generic_visit(node)
        kind = node.type
        if isinstance(kind, ast.Compare) and _position(kind) in self.rewriting.tuples:
            members = [kind.left, *kind.comparators]
            node.type = ast.copy_location(ast.Tuple(members, ast.Load()), kind)
        return node

    def visit_Expr(self, node: ast.Expr) -> ast.AST | None:
        is_name = isinstance(node.value, ast.Name)
        if is_name and _position(node) in self.rewriting.markers:
            self.marker = node
            return None
        return self.generic_visit(node)

    def visit_Assign(self, node: ast.Assign) -> ast.AST:
        return self.begin_at_marker(node)

    def visit_Import(self, node: ast.Import) -> ast.AST:
        return self.begin_at_marker(node)

    def visit_ImportFrom(self, node: ast.ImportFrom) -> ast.AST:
        return self.begin_at_marker(node)

    def begin_at_marker(self, node: ast.stmt) -> ast.AST:
        if self.marker is not None:
            node.lineno = self.marker.lineno
            node.col_offset = self.marker.col_offset
            self.marker = None
        return self.generic_visit(node)

    def visit_Tuple(self, node: ast.Tuple) -> ast.AST:
        self.generic_visit(node)
        if _position(node) not in self.rewriting.strings:
            return node
        values: list[ast.expr] = [
            ast.copy_location(ast.FormattedValue(value, -1, None), value)
            for value in node.elts
        ]
        return ast.copy_location(ast.JoinedStr(values), node)


def _position(node: ast.expr | ast.stmt) -> tuple[int, int]:
    return (node.lineno, node.col_offset)
