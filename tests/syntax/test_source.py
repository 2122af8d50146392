"""Bad input is reported with a line and a remedy, and never ends the process."""

from __future__ import annotations

import ast
import os
import random
import sys
import sysconfig
import warnings
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from roadworthy.syntax import (
    SourceFile,
    UnreadableSource,
    parse_source,
    read_source,
)
from roadworthy.syntax.depth import MAX_DEPTH

A = Path("a.py")


def refused(source: str | bytes) -> UnreadableSource:
    with pytest.raises(UnreadableSource) as caught:
        parse_source(source, A)
    return caught.value


# -- text ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "data",
    [
        "x = 'é'\n".encode(),
        b"\xef\xbb\xbfx = '\xc3\xa9'\n",
        b"# coding: latin-1\nx = '\xe9'\n",
        b"#!/usr/bin/env python\n# -*- coding: cp1252 -*-\nx = '\xe9'\n",
    ],
)
def test_encodings_are_read_as_python_reads_them(data: bytes) -> None:
    source = parse_source(data, A)
    assert source.lines[-2] == "x = 'é'"
    strings = [n.value for n in ast.walk(source.tree) if isinstance(n, ast.Constant)]
    assert strings == ["é"]


def test_lines_end_where_python_ends_them() -> None:
    source = parse_source("a = '\x0c\u2028'\r\nb = 1\rc = 2\n", A)
    assert source.lines == ["a = '\x0c\u2028'", "b = 1", "c = 2", ""]
    assert [node.lineno for node in source.tree.body] == [1, 2, 3]


def test_columns_are_translated_to_characters() -> None:
    source = parse_source("é = '€'; f(x)\n", A)
    call = source.tree.body[1]
    assert source.column(1, call.col_offset) == source.text.index("f(x)")


@pytest.mark.skipif(sys.version_info < (3, 12), reason="an f-string warns from 3.12 on")
def test_warnings_are_kept_quiet_in_fstrings() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert parse_source("x = f'\\d{y}'\n", A).tree.body


def test_warnings_are_kept_quiet() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert parse_source("x = '\\d'\ny = 1 is 1\nz = 1or 2\n", A).tree.body


# -- bad input -----------------------------------------------------------------------


def test_not_utf8_is_reported_with_its_line() -> None:
    error = refused(b"x = 1\ny = '\xe9'\n")
    assert error.line == 2
    assert "not UTF-8" in error.message


def test_utf16_is_named() -> None:
    assert "UTF-16" in refused("x = 1\n".encode("utf-16")).message


@pytest.mark.parametrize(
    "cookie", ["no-such-codec", "rot13", "zlib", "idna", "punycode", "undefined"]
)
def test_a_wrong_coding_comment_is_reported(cookie: str) -> None:
    assert "cod" in refused(f"# coding: {cookie}\nx = 1\n".encode()).message


def test_a_coding_comment_that_the_bytes_contradict() -> None:
    assert "ascii" in refused(b"# coding: ascii\nx = '\xe9'\n").message


@pytest.mark.parametrize("source", ["x = 1\n\0\n", b"x = 1\n\0\n", b"\0", b"#\n\0"])
def test_a_nul_byte_is_reported_with_its_line(source: str | bytes) -> None:
    error = refused(source)
    assert "NUL" in error.message
    assert error.line == (2 if len(source) > 2 else 1)


def test_a_lone_surrogate_is_reported() -> None:
    error = refused("x = 1\ny = '\ud800'\n")
    assert "surrogate" in error.message
    assert error.line == 2


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("x = 1\ndef f(:\n    pass\n", 2),
        ("x = 1\nprint 'a'\n", 2),
        ("if x:\npass\n", 2),
        ("type X = int\nlazy import a\n\nx = = 2\n", 4),
        ("try: pass\nexcept A, B as e: pass\n", 2),
    ],
)
def test_broken_syntax_is_reported_with_its_line(text: str, line: int) -> None:
    error = refused(text)
    assert error.line == line
    assert "syntax error" in error.message
    assert "exclude" in error.message


DEEP: dict[str, Callable[[int], str]] = {
    "parentheses": lambda n: "(" * n + "a" + ")" * n,
    "lists": lambda n: "[" * n + "]" * n,
    "open brackets": lambda n: "{" * n,
    "attributes": lambda n: "a" + ".a" * n,
    "operators": lambda n: "a" + "+a" * n,
    "operators on lines": lambda n: "(\na\n" + "+ a\n" * n + ")",
    "calls": lambda n: "a" + "()" * n,
    "subscripts": lambda n: "a" + "[0]" * n,
    "not": lambda n: "not " * n + "a",
    "signs": lambda n: "-" * n + "a",
    "powers": lambda n: "a" + "**a" * n,
    "lambdas": lambda n: "lambda:" * n + "a",
    "conditions": lambda n: "a if b else " * n + "c",
    "elif": lambda n: "if a:\n  b\n" + "elif a:\n  b\n" * n,
    "indentation": lambda n: "".join(" " * i + "if a:\n" for i in range(n // 10)),
    "f-strings": lambda n: "f'{" * n + "a" + "}'" * n,
    "specifications": lambda n: "f'" + "{a:" * n + "}" * n + "'",
    "patterns": lambda n: "match a:\n case " + "[" * n + "]" * n + ": pass",
    "alternatives": lambda n: "x: " + "a|" * n + "a",
    "method chain": lambda n: "x = (\n    a\n" + "    .b(c=1)\n" * n + ")\n",
}


@pytest.mark.parametrize("kind", DEEP)
@pytest.mark.parametrize("depth", [1_000, 5_000])
def test_deep_nesting_is_reported(kind: str, depth: int) -> None:
    message = refused("x = 1\n" + DEEP[kind](depth)).message
    assert "deeply" in message or "syntax error" in message


@pytest.mark.parametrize("kind", ["attributes", "operators", "calls", "parentheses"])
def test_nesting_that_exhausts_an_unguarded_parser_is_reported(kind: str) -> None:
    assert "deeply" in refused(DEEP[kind](600_000)).message


def test_deep_nesting_between_ordinary_code_is_found() -> None:
    around = "def f(x):\n    return g(x)\n" * 500
    deep = "y = a" + " + a" * (MAX_DEPTH + 5) + "\n"
    assert "deeply" in refused(around + deep + around).message


def test_long_but_flat_code_is_read() -> None:
    text = "x = [\n" + "    f(a.b, c[1:2] + 3),\n" * 5_000 + "]\n"
    source = parse_source(text, A)
    assert sum(isinstance(n, ast.Call) for n in ast.walk(source.tree)) == 5_000


@pytest.mark.parametrize("kind", ["attributes", "operators", "conditions", "elif"])
def test_nesting_as_in_real_code_is_read(kind: str) -> None:
    assert parse_source(DEEP[kind](140), A).tree.body


# -- files ---------------------------------------------------------------------------


def unreadable(path: Path) -> str:
    with pytest.raises(UnreadableSource) as caught:
        read_source(path)
    return caught.value.message


def test_a_file_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.py"
    path.write_bytes(b"x = 1\r\n")
    source = read_source(path)
    assert (source.path, source.text, source.rewritten) == (path, "x = 1\r\n", False)


def test_a_large_file_is_reported_unparsed(tmp_path: Path) -> None:
    path = tmp_path / "data.py"
    path.write_bytes(b"x = [\n" + b"    1,\n" * 1_500_000 + b"]\n")
    assert path.stat().st_size > 10_000_000
    assert "larger than 5 MB" in unreadable(path)


def test_a_folder_and_a_missing_file_are_reported(tmp_path: Path) -> None:
    (tmp_path / "folder.py").mkdir()
    assert "folder" in unreadable(tmp_path / "folder.py")
    assert "cannot be opened" in unreadable(tmp_path / "missing.py")
    assert "cannot be opened" in unreadable(tmp_path / "a\0.py")
    assert "cannot be opened" in unreadable(tmp_path / ("a" * 5_000))


@pytest.mark.skipif(sys.platform == "win32", reason="needs links")
def test_a_symlink_loop_is_reported(tmp_path: Path) -> None:
    (tmp_path / "a.py").symlink_to("b.py")
    (tmp_path / "b.py").symlink_to("a.py")
    assert "link" in unreadable(tmp_path / "a.py")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_a_named_pipe_does_not_hang(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.py")
    assert "no regular file" in unreadable(tmp_path / "a.py")


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything"
)
def test_missing_permission_is_reported(tmp_path: Path) -> None:
    path = tmp_path / "a.py"
    path.write_text("x = 1\n")
    path.chmod(0)
    assert "permissions" in unreadable(path)


# -- whatever comes ------------------------------------------------------------------

PIECES = [
    *("def f[T]", "(x)", ":", "type X", " = ", "except A, B", "*", "[", "]", "{", "}"),
    *(
        "f'",
        'f"',
        't"""',
        "'",
        '"',
        '"""',
        "\\",
        "\n",
        "\r",
        "\0",
        "#",
        "lazy import ",
        "é",
    ),
    *(
        "class ",
        "for x in y",
        "lambda ",
        "if ",
        "else ",
        "a",
        "1",
        ".",
        ",",
        "!r",
        "try:",
    ),
    *(
        "\n    ",
        ";",
        "\ufeff",
        "\ud800",
        "\x0c",
        "match x:\n case ",
        "await ",
        "=",
        "(",
    ),
]
STANDARD_LIBRARY = Path(sysconfig.get_path("stdlib"))
REAL = [
    (STANDARD_LIBRARY / name).read_bytes()
    for name in ("dataclasses.py", "asyncio/tasks.py", "fractions.py", "typing.py")
]


def survives(source: str | bytes) -> None:
    try:
        read = parse_source(source, A)
    except UnreadableSource as error:
        assert error.message
        assert error.line >= 1
    else:
        assert isinstance(read, SourceFile)
        assert isinstance(read.tree, ast.Module)


@given(st.text())
def test_random_text_is_survived(text: str) -> None:
    survives(text)


@given(st.binary(max_size=500))
def test_random_bytes_are_survived(data: bytes) -> None:
    survives(data)


@settings(max_examples=500)
@given(st.lists(st.sampled_from(PIECES), max_size=25).map("".join))
def test_pieces_of_python_are_survived(text: str) -> None:
    survives(text)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.sampled_from(REAL),
    st.integers(0, 2**32),
    st.integers(1, 5),
    st.lists(st.sampled_from(PIECES), min_size=1, max_size=5),
)
def test_real_python_with_faults_is_survived(
    data: bytes, seed: int, cuts: int, pieces: list[str]
) -> None:
    chance = random.Random(seed)
    start = chance.randrange(len(data))
    text = data[start : start + 5_000]
    for _ in range(cuts):
        at = chance.randrange(len(text) + 1)
        piece = chance.choice(pieces).encode(errors="surrogatepass")
        text = text[:at] + piece + text[at + chance.randrange(10) :]
    survives(text)
