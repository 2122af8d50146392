"""A lexer for Python up to 3.15, whatever version runs it.

`tokenize` of Python 3.10 and 3.11 does not know PEP 701 f-strings, and that of no
version before 3.14 knows t-strings. This one serves `newer` alone: it works on UTF-8
bytes, since the positions of `ast` count them, and expects nothing of the grammar.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import Enum, auto

MAX_BRACKETS = 200
"""Python refuses more open brackets than these; f-strings inside one another count."""


class CannotLexError(Exception):
    """The text is broken: an open string or bracket, or one that was never opened."""


class Kind(Enum):
    """What a token is; the quotes of a string with replacement fields have their own."""

    NAME = auto()
    NUMBER = auto()
    OPERATOR = auto()
    NEWLINE = auto()
    """The end of a logical line."""
    STRING = auto()
    """A whole string; for one with replacement fields its closing quotes."""
    STRING_START = auto()
    """Opening quotes of a string with replacement fields, whose tokens follow."""


@dataclass(frozen=True, slots=True)
class Token:
    """A token by its place in the bytes; `depth` counts the brackets around it."""

    kind: Kind
    text: bytes
    start: int
    end: int
    depth: int


@dataclass(slots=True)
class Field:
    """A replacement field; `code_end` is where `!r`, `=`, `:…` or the brace begins."""

    start: int
    code_end: int = -1
    end: int = -1
    groups: list[list[String]] = field(default_factory=list)
    """Strings in its expression, those that are joined implicitly side by side."""
    comments: list[tuple[int, int]] = field(default_factory=list)
    continuations: list[int] = field(default_factory=list)
    """Backslashes at the ends of lines."""
    nested: list[Field] = field(default_factory=list)
    """Fields in the format specification."""


@dataclass(slots=True)
class String:
    """A string literal; `fields` are those of an f-string or t-string."""

    start: int
    prefix: bytes
    quote: bytes
    end: int = -1
    fields: list[Field] = field(default_factory=list)

    @property
    def body(self) -> int:
        """Where the content begins."""
        return self.start + len(self.prefix) + len(self.quote)

    @property
    def has_fields(self) -> bool:
        """Whether braces in it stand for expressions."""
        return any(letter in self.prefix for letter in b"fFtT")


@dataclass(slots=True)
class Lexed:
    """The tokens of a file, and its strings grouped as they are joined implicitly."""

    tokens: list[Token] = field(default_factory=list)
    groups: list[list[String]] = field(default_factory=list)
    strings: list[String] = field(default_factory=list)
    """Every string, those inside replacement fields too."""


_TOKEN = re.compile(
    rb"""
      (?P<space>[ \t\f]+|\xef\xbb\xbf)
    | (?P<continuation>\\(?:\r\n|\r|\n))
    | (?P<comment>\#[^\r\n]*)
    | (?P<newline>\r\n|\r|\n)
    | (?P<string>(?:[rR][bBfFtT]?|[bBfFtT][rR]?|[uU])?(?:'''|\"\"\"|'|\"))
    | (?P<name>[A-Za-z_\x80-\xff][A-Za-z0-9_\x80-\xff]*)
    | (?P<number>\.?[0-9](?:[eE][+-](?=[0-9])|[A-Za-z0-9_.])*)
    | (?P<operator>\*\*=?|//=?|>>=?|<<=?|!=|->|:=|\.\.\.|[-+*/%&|^<>=@]=?|[~()\[\]{},:;.!])
    """,
    re.VERBOSE,
)
_STRING_END = {
    b"'": re.compile(rb"[^'\\\r\n]*(?:\\(?:\r\n|.)[^'\\\r\n]*)*'", re.DOTALL),
    b'"': re.compile(rb'[^"\\\r\n]*(?:\\(?:\r\n|.)[^"\\\r\n]*)*"', re.DOTALL),
    b"'''": re.compile(rb"[^'\\]*(?:(?:\\.|'(?!''))[^'\\]*)*'''", re.DOTALL),
    b'"""': re.compile(rb'[^"\\]*(?:(?:\\.|"(?!""))[^"\\]*)*"""', re.DOTALL),
}
_LITERAL = re.compile(rb"[^{}\\'\"\r\n]+")
_CLOSING = {b")": b"(", b"]": b"[", b"}": b"{"}


@dataclass(slots=True)
class _Open:
    """A string with fields that is being read, and where in it the reading is."""

    string: String
    fields: list[Field] = field(default_factory=list)
    """The open fields: one, and those that are nested in its specification."""
    brackets: list[int] = field(default_factory=list)
    """For each open field the number of brackets open inside it."""
    in_code: bool = False


class _Lexer:
    def __init__(self, data: bytes) -> None:
        self.data = data
        self.at = 0
        self.lexed = Lexed()
        self.brackets: list[bytes] = []
        self.open: list[_Open] = []

    def run(self) -> Lexed:
        size = len(self.data)
        while self.at < size:
            if self.open and not self.open[-1].in_code:
                self.literal(self.open[-1])
            else:
                self.code()
        if self.open or self.brackets:
            raise CannotLexError
        return self.lexed

    def add(self, kind: Kind, start: int, end: int) -> None:
        text = self.data[start:end]
        self.lexed.tokens.append(Token(kind, text, start, end, len(self.brackets)))

    def code(self) -> None:
        found = _TOKEN.match(self.data, self.at)
        if found is None:
            raise CannotLexError
        start, end = found.span()
        self.at = end
        current = self.open[-1].fields[-1] if self.open else None
        match found.lastgroup:
            case "comment":
                if current:
                    current.comments.append((start, end))
            case "continuation":
                if current:
                    current.continuations.append(start)
            case "newline":
                if not self.brackets:
                    self.add(Kind.NEWLINE, start, end)
            case "string":
                self.string(start, end)
            case "name":
                self.add(Kind.NAME, start, end)
            case "number":
                self.add(Kind.NUMBER, start, end)
            case "operator":
                self.operator(start, end)

    def operator(self, start: int, end: int) -> None:
        text = self.data[start:end]
        at_field = bool(self.open) and len(self.brackets) == self.open[-1].brackets[-1]
        if (
            at_field
            and text[:1] in (b"}", b":", b"!", b"=")
            and text not in (b"!=", b"==")
        ):
            self.end_code(start)
            return
        if text in _CLOSING and (
            not self.brackets or self.brackets.pop() != _CLOSING[text]
        ):
            raise CannotLexError
        self.add(Kind.OPERATOR, start, end)
        if text in (b"(", b"[", b"{"):
            self.push(text)

    def push(self, bracket: bytes) -> None:
        if len(self.brackets) >= MAX_BRACKETS:
            raise CannotLexError
        self.brackets.append(bracket)

    # -- strings -----------------------------------------------------------------

    def string(self, start: int, body: int) -> None:
        opening = self.data[start:body]
        prefix = opening.rstrip(b"'\"")
        string = String(start, prefix, opening[len(prefix) :])
        self.join(string)
        self.lexed.strings.append(string)
        if string.has_fields:
            self.add(Kind.STRING_START, start, body)
            self.open.append(_Open(string))
            self.at = body
            return
        end = _STRING_END[string.quote].match(self.data, body)
        if end is None:
            raise CannotLexError
        string.end = self.at = end.end()
        self.add(Kind.STRING, start, string.end)

    def join(self, string: String) -> None:
        """Put the string into the group of the one before it, or into a new one."""
        groups = self.open[-1].fields[-1].groups if self.open else self.lexed.groups
        tokens = self.lexed.tokens
        if groups and tokens and tokens[-1].kind is Kind.STRING:
            groups[-1].append(string)
        else:
            groups.append([string])

    def literal(self, opened: _Open) -> None:
        """Read on in a string outside of the code of its fields."""
        data, at, string = self.data, self.at, opened.string
        match = _LITERAL.match(data, at)
        if match:
            self.at = match.end()
            return
        char = data[at : at + 1]
        in_specification = bool(opened.fields)
        if char == b"\\":
            self.at = self.escape_end(at, raw=b"r" in string.prefix.lower())
        elif char == b"{" and (in_specification or data[at + 1 : at + 2] != b"{"):
            self.start_field(opened)
        elif char == b"{":
            self.at += 2
        elif char == b"}" and in_specification:
            self.end_field(opened)
        elif char == b"}":
            self.at += 2
        elif data.startswith(string.quote, at):
            if in_specification:
                raise CannotLexError
            self.open.pop()
            string.end = self.at = at + len(string.quote)
            self.add(Kind.STRING, at, string.end)
        elif char in b"\r\n" and len(string.quote) == 1:
            raise CannotLexError
        else:
            self.at += 1

    def escape_end(self, at: int, raw: bool) -> int:
        following = self.data[at + 1 : at + 3]
        if following[:1] in (b"{", b"}"):
            return at + 1
        if not raw and following == b"N{":
            end = self.data.find(b"}", at)
            if end < 0:
                raise CannotLexError
            return end + 1
        return at + (3 if following == b"\r\n" else 2)

    def start_field(self, opened: _Open) -> None:
        started = Field(self.at)
        siblings = opened.fields[-1].nested if opened.fields else opened.string.fields
        siblings.append(started)
        self.add(Kind.OPERATOR, self.at, self.at + 1)
        self.push(b"{")
        opened.fields.append(started)
        opened.brackets.append(len(self.brackets))
        opened.in_code = True
        self.at += 1

    def end_code(self, at: int) -> None:
        """Leave the expression of a field, for its conversion, specification or end."""
        opened = self.open[-1]
        current = opened.fields[-1]
        current.code_end = at
        rest = _FIELD_REST.match(self.data, at)
        if rest is None:
            raise CannotLexError
        comments = self.data.find(b"#", at, rest.end())
        if comments >= 0:
            current.comments.append((comments, rest.end() - 1))
        self.at = rest.end()
        opened.in_code = False
        if self.data[self.at - 1 : self.at] == b"}":
            self.at -= 1
            self.end_field(opened)

    def end_field(self, opened: _Open) -> None:
        current = opened.fields.pop()
        opened.brackets.pop()
        self.brackets.pop()
        self.at += 1
        current.end = self.at
        self.add(Kind.OPERATOR, self.at - 1, self.at)


_FIELD_REST = re.compile(
    rb"(?:=\s*)?(?:\#[^\r\n]*[\r\n]\s*)*(?:!\s*[A-Za-z_]\w*\s*)?[:}]"
)


def lex(data: bytes) -> Lexed:
    """Split UTF-8 source into tokens. Raises `CannotLexError`."""
    return _Lexer(data).run()
