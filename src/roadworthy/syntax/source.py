"""A Python file as text and syntax tree, or the reason why it cannot be read."""

from __future__ import annotations

import ast
import codecs
import io
import re
import stat
import sys
import threading
import tokenize
import warnings
from dataclasses import dataclass, field
from pathlib import Path

from roadworthy.syntax.depth import MAX_DEPTH, is_too_deep

MAX_BYTES = 5_000_000
"""Files above this size are generated data, and their trees would fill the memory."""

_EXCLUDE = "or leave it out with `exclude` under [tool.roadworthy]"

_QUADRATIC_CODECS = frozenset({"idna", "punycode"})
"""Codecs that take minutes for a megabyte, and that no source file is written in."""

_NEWLINE = re.compile(r"\r\n|\r|\n")

_TOO_DEEP_MESSAGES = ("too many nested", "too many levels of indentation")

_PARSER_ERRORS = (
    SyntaxError,
    ValueError,
    RecursionError,
    MemoryError,
    OverflowError,
    SystemError,
)

_UNGUARDED_BYTES = 100_000
_UNGUARDED_STACK = 1 << 30


class UnreadableSource(Exception):  # noqa: N818 - a state of a file, not a bug
    """A file that cannot be read or parsed.

    `message` says what is wrong and what to do; `line` is where (1-based), and 1 where
    the trouble is with the file as a whole.
    """

    def __init__(self, message: str, line: int = 1) -> None:
        super().__init__(message, line)
        self.message = message
        self.line = line

    def __str__(self) -> str:
        return f"line {self.line}: {self.message}"


@dataclass(frozen=True, slots=True, eq=False)
class SourceFile:
    """A file that was read: its text as written, and its syntax tree.

    The tree's positions hold in `text`. As everywhere in `ast`, lines begin at 1 and
    `col_offset` counts UTF-8 bytes from 0; `column` translates it.
    """

    path: Path
    text: str = field(repr=False)
    """Decoded, without a byte order mark; line ends as in the file."""
    tree: ast.Module = field(repr=False)
    rewritten: bool = False
    """Whether forms newer than the running interpreter were rewritten to be parsed."""
    _lines: list[str] = field(default_factory=list, init=False, repr=False)

    @property
    def lines(self) -> list[str]:
        """The lines without their ends, split as Python counts them (not to be changed).

        `str.splitlines` would also split at form feeds and Unicode separators, which
        are no line ends to Python.
        """
        if not self._lines:
            text = self.text
            found = _NEWLINE.split(text) if "\r" in text else text.split("\n")
            self._lines.extend(found)
        return self._lines

    def column(self, line: int, col_offset: int) -> int:
        """Return the index in `lines[line - 1]` for a `col_offset` of the tree."""
        text = self.lines[line - 1]
        if text.isascii():
            return col_offset
        return len(text.encode()[:col_offset].decode(errors="ignore"))


def read_source(path: Path) -> SourceFile:
    """Read and parse a file.

    Raises `UnreadableSource` for whatever is not a readable file of at most `MAX_BYTES`
    bytes with Python in it; nothing else is raised for bad input.
    """
    return parse_source(read_bytes(path), path)


def read_bytes(path: Path) -> bytes:
    """Return the content of a file that may be parsed.

    Raises `UnreadableSource` for whatever is not a readable file of at most `MAX_BYTES`
    bytes.
    """
    try:
        info = path.stat()
        if stat.S_ISDIR(info.st_mode):
            raise UnreadableSource("is a folder, not a file; rename it, " + _EXCLUDE)
        if not stat.S_ISREG(info.st_mode):
            raise UnreadableSource(
                f"is no regular file, and reading it could hang; remove it, {_EXCLUDE}"
            )
        _refuse_large(info.st_size)
        with path.open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except OSError as error:
        raise UnreadableSource(
            f"cannot be opened: {error.strerror or error}; mend the link or the "
            f"permissions, {_EXCLUDE}"
        ) from error
    except ValueError as error:
        raise UnreadableSource(f"cannot be opened: {error}; rename the file") from error


def parse_source(source: str | bytes, path: Path) -> SourceFile:
    """Parse source text, or the bytes of a file; `path` is only noted.

    Raises `UnreadableSource` for what is not Python up to 3.15.
    """
    _refuse_large(len(source))
    # Both the codecs and the parser warn of escapes such as "\d", which is no news for
    # the reader of a report and an exception where warnings are errors.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        if isinstance(source, bytes):
            text = _decode(source)
        else:
            text = source.removeprefix("\ufeff")
        rewritten = False
        try:
            tree = _parse(text)
        except SyntaxError as error:
            newer = None if _is_depth_error(error) else _parse_newer(text)
            if newer is None:
                raise _unreadable(error, text) from error
            tree, rewritten = newer, True
        except _PARSER_ERRORS as error:
            raise _unreadable(error, text) from error
    return SourceFile(path, text, tree, rewritten)


def _parse(text: str) -> ast.Module:
    if sys.version_info < (3, 11) and len(text) > _UNGUARDED_BYTES:
        tree = _parse_on_large_stack(text)
    else:
        tree = ast.parse(text)
    if is_too_deep(tree, text):
        raise RecursionError
    return tree


def _parse_on_large_stack(text: str) -> ast.Module:
    """Parse where Python 3.10 cannot run out of stack.

    It builds the tree recursively without a guard: a chain of some 100,000 operators
    ends the process.
    """
    outcome: list[ast.Module | BaseException] = []

    def run() -> None:
        try:
            tree = ast.parse(text)
            if is_too_deep(tree, text):
                raise RecursionError
            outcome.append(tree)
        except _PARSER_ERRORS as error:
            outcome.append(error)

    before = threading.stack_size(_UNGUARDED_STACK)
    try:
        thread = threading.Thread(target=run)
        thread.start()
    except RuntimeError as error:
        raise MemoryError from error
    finally:
        threading.stack_size(before)
    thread.join()
    result = outcome[0]
    if isinstance(result, BaseException):
        raise result
    return result


def _parse_newer(text: str) -> ast.Module | None:
    """Parse text with forms newer than this interpreter; None if it has none of them.

    Raises `UnreadableSource` for text that is broken besides.
    """
    # Imported here since hardly any run needs it.
    from roadworthy.syntax.newer import rewrite

    version = (sys.version_info.major, sys.version_info.minor)
    try:
        rewriting = rewrite(text, version)
        if rewriting is None:
            return None
        return rewriting.restore(_parse(rewriting.text))
    except _PARSER_ERRORS as error:
        raise _unreadable(error, text) from error


def _refuse_large(size: int) -> None:
    if size > MAX_BYTES:
        raise UnreadableSource(
            f"is larger than {MAX_BYTES / 1e6:g} MB, too large to be checked; "
            f"keep such data in a data file, {_EXCLUDE}"
        )


def _decode(data: bytes) -> str:
    """Decode as Python does: byte order mark, then coding comment (PEP 263), else UTF-8."""
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
        if codecs.lookup(encoding).name in _QUADRATIC_CODECS:
            raise LookupError(f"no source file is written in {encoding}")
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        line = len(_NEWLINE.findall(data[: error.start].decode("latin-1"))) + 1
        raise UnreadableSource(_undecodable(data, error.encoding), line) from error
    except (SyntaxError, LookupError, ValueError) as error:
        if "\0" in data[:2].decode("latin-1") or data[:2] in _UTF16_MARKS:
            raise UnreadableSource(_undecodable(data, "utf-8")) from error
        bad_line = _undecodable_line(data)
        if bad_line is not None:
            raise UnreadableSource(_undecodable(data, "utf-8"), bad_line) from error
        raise UnreadableSource(
            f"cannot be decoded: {error}; correct the coding comment in its first two "
            f"lines, {_EXCLUDE}"
        ) from error


_UTF16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def _undecodable(data: bytes, encoding: str) -> str:
    if data[:2] in _UTF16_MARKS:
        return f"is UTF-16, which Python does not read; save it as UTF-8, {_EXCLUDE}"
    if encoding.lower().replace("_", "-") in ("utf-8", "utf-8-sig", "utf8"):
        return f"is not UTF-8; save it as UTF-8, name its encoding, {_EXCLUDE}"
    return f"is not {encoding}, as its coding comment says; correct it, {_EXCLUDE}"


def _undecodable_line(data: bytes) -> int | None:
    """Return the line of the first bytes that are not UTF-8."""
    try:
        data.decode()
    except UnicodeDecodeError as error:
        return len(_NEWLINE.findall(data[: error.start].decode("latin-1"))) + 1
    return None


def _is_depth_error(error: SyntaxError) -> bool:
    return str(error.msg).startswith(_TOO_DEEP_MESSAGES)


def _unreadable(error: BaseException, text: str) -> UnreadableSource:
    nul = text.find("\0")
    if nul >= 0:
        line = len(_NEWLINE.findall(text, 0, nul)) + 1
        return UnreadableSource(
            f"contains a NUL byte, so it is no Python source; restore it, {_EXCLUDE}",
            line,
        )
    if isinstance(error, UnicodeEncodeError):
        line = len(_NEWLINE.findall(text, 0, error.start)) + 1
        return UnreadableSource(
            f"contains half a character (a lone surrogate); restore it, {_EXCLUDE}",
            line,
        )
    line = max(1, getattr(error, "lineno", None) or 1)
    if not isinstance(error, SyntaxError):
        if isinstance(error, (RecursionError, MemoryError)):
            return _too_deep(line)
        return UnreadableSource(f"cannot be parsed: {error}; mend it, {_EXCLUDE}", line)
    if _is_depth_error(error):
        return _too_deep(line)
    return UnreadableSource(f"syntax error: {error.msg}; mend it, {_EXCLUDE}", line)


def _too_deep(line: int) -> UnreadableSource:
    return UnreadableSource(
        f"is nested too deeply to be checked (over {MAX_DEPTH} levels of syntax); "
        f"split the longest expression, {_EXCLUDE}",
        line,
    )
