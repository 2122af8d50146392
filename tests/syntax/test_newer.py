"""Forms newer than the interpreter are read, with positions and calls as written."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest

from roadworthy.syntax.newer import rewrite
from roadworthy.syntax.source import parse_source

OLDEST = (3, 10)


def read_as(text: str, version: tuple[int, int] = OLDEST) -> ast.Module:
    """Parse as an interpreter of that version has to, whichever one runs the tests."""
    rewriting = rewrite(text, version)
    assert rewriting is not None
    assert len(rewriting.text.encode()) == len(text.encode())
    assert rewriting.text.count("\n") == text.count("\n")
    return rewriting.restore(ast.parse(rewriting.text, feature_version=version))


def names(tree: ast.Module, text: str) -> dict[str, int]:
    """Return the names in the tree, checked to stand in the text where the tree says."""
    lines = text.split("\n")
    found: dict[str, int] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            line = lines[node.lineno - 1].encode()
            assert line[node.col_offset : node.end_col_offset] == node.id.encode()
            found[node.id] = found.get(node.id, 0) + 1
    return found


def called(tree: ast.Module) -> list[str]:
    """Return the callees of all calls, sorted."""
    return sorted(
        ast.unparse(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)
    )


FORMS = {
    "PEP 758 except without parentheses": (
        "try:\n    a()\nexcept A, b.C:\n    c()\n",
        ["a", "c"],
    ),
    "PEP 758 with type parameters around": (
        "def f[T](x):\n    try:\n        a()\n    except A,B:c()\n",
        ["a", "c"],
    ),
    "PEP 654 except*": ("try:\n    a()\nexcept* A:\n    b()\n", ["a", "b"]),
    "PEP 654 and 758": ("try:\n    a()\nexcept* A, B:\n    b()\n", ["a", "b"]),
    "PEP 695 function": (
        "async def f[T: int, *Ts, **P](x: T = a()): b()\n",
        ["a", "b"],
    ),
    "PEP 695 class": ("class C[T](a(B)): x = b()\n", ["a", "b"]),
    "PEP 695 class without bases": ("class C[T]:\n    x = b()\n", ["b"]),
    "PEP 695 over several lines": (
        "def f[\n\n    T,  # kind\n    é,\n](\n    x=a(),\n): b()\n",
        ["a", "b"],
    ),
    "PEP 695 alias": ("type X = a[b()]\n", ["b"]),
    "PEP 695 alias with parameters": ("if 1: type X[T] = a[b()]; c()\n", ["b", "c"]),
    "PEP 696 defaults": ("class C[T: int = str](B): x = b()\n", ["b"]),
    "PEP 750 t-string": ('x = t"a{b()!r:>{c()}}" and rT"{d()}"\n', ["b", "c", "d"]),
    "PEP 701 same quotes": ('x = f"{a["k"]} {b("it\'s")}"\n', ["b"]),
    "PEP 701 nested three deep": (
        'x = f"{a() + f"{b("k") + f"{c("é")}"}"}".d()\n',
        ["a", "b", "c", "<string>.d"],
    ),
    "PEP 701 backslash": ("x = f\"{'\\n'.join(a())}\"\n", ["'  '.join", "a"]),
    "PEP 701 comment": ('x = f"""{\n    a()  # it\'s\n}"""\n', ["a"]),
    "PEP 701 lines": (
        'x = f"é{\n    a()\n} {b():>{c()}} {d() = }" "tail"\n',
        list("abcd"),
    ),
    "PEP 701 comment after =": ('x = f"{a() = # why\n }"\n', ["a"]),
    "PEP 701 deep specification": ('x = f"{a():{b():{c()}}}"\n', ["a", "b", "c"]),
    "PEP 646 subscript": ("x: A[*b()]; y = f(c)[d, *e()]\n", ["b", "e", "f"]),
    "PEP 646 *args": ("def f(a, *args: *T): b()\n", ["b"]),
    "PEP 798 list": ("x = [*a() for a in b()]\n", ["a", "b"]),
    "PEP 798 dictionary": ("x = {**a() for a in b()}\n", ["a", "b"]),
    "PEP 798 argument": ("x = c(*a() for a in b())\n", ["a", "b", "c"]),
    "PEP 810 import": ("lazy import a.b\nlazy from c import d\nx = d()\n", ["d"]),
}


@pytest.mark.parametrize("form", FORMS)
def test_calls_and_positions_hold(form: str) -> None:
    text, calls = FORMS[form]
    tree = read_as(text)
    found = names(tree, text)
    assert len(called(tree)) == len(calls)
    simple = {name for name in calls if name.isidentifier()}
    assert simple <= set(called(tree))
    assert simple <= set(found)


@pytest.mark.parametrize("form", FORMS)
def test_the_running_interpreter_reads_every_form(form: str) -> None:
    text, calls = FORMS[form]
    source = parse_source(text, Path("a.py"))
    assert source.text == text
    assert len(called(source.tree)) == len(calls)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("end", ["\r\n", "\r"])
def test_line_ends_do_not_matter(form: str, end: str) -> None:
    text, calls = FORMS[form]
    source = parse_source(text.replace("\n", end), Path("a.py"))
    assert len(called(source.tree)) == len(calls)
    names(source.tree, text)


def test_exceptions_without_parentheses_are_a_tuple() -> None:
    tree = read_as("try: pass\nexcept A, b.C, D[0]: pass\n")
    statement = tree.body[0]
    assert isinstance(statement, ast.Try)
    kind = statement.handlers[0].type
    assert isinstance(kind, ast.Tuple)
    assert [ast.unparse(member) for member in kind.elts] == ["A", "b.C", "D[0]"]
    assert (kind.lineno, kind.col_offset, kind.end_col_offset) == (2, 7, 19)


def test_an_alias_is_an_assignment_and_nothing_besides() -> None:
    tree = read_as("type X[T] = list[T]\n")
    assert [type(node) for node in tree.body] == [ast.Assign]
    assert (tree.body[0].lineno, tree.body[0].col_offset) == (1, 0)
    assert ast.unparse(tree) == "X = list[T]"


def test_a_lazy_import_is_an_import_and_nothing_besides() -> None:
    tree = read_as("lazy import a.b as c\nlazy from d import e\n")
    assert ast.unparse(tree) == "import a.b as c\nfrom d import e"
    assert [node.col_offset for node in tree.body] == [0, 0]


def test_type_parameters_leave_no_trace() -> None:
    tree = read_as("class C[T](B): pass\nclass D[T]: pass\ndef f[T](x: T) -> T: pass\n")
    lines = ast.unparse(tree).replace("\n    ", " ").split("\n")
    assert [line for line in lines if line] == [
        "class C(B): pass",
        "class D: pass",
        "def f(x: T) -> T: pass",
    ]


def test_same_quotes_keep_the_keys() -> None:
    tree = read_as('x = f"a {b["key"]} c"\n')
    strings = {n.value for n in ast.walk(tree) if isinstance(n, ast.Constant)}
    assert strings == {"a ", "key", " c"}


def test_a_string_that_older_syntax_cannot_say_is_still_a_string() -> None:
    tree = read_as('x = "a" f"{\n    b()\n} c {d}".e()\n')
    string = next(n for n in ast.walk(tree) if isinstance(n, ast.JoinedStr))
    assert (string.lineno, string.col_offset) == (1, 4)
    fields = [v.value for v in string.values if isinstance(v, ast.FormattedValue)]
    assert [ast.unparse(field) for field in fields] == ["b()", "d"]
    assert (fields[0].lineno, fields[0].col_offset) == (2, 4)


def test_only_forms_newer_than_the_version_are_rewritten() -> None:
    text = "def f[T](x): pass\ntry: pass\nexcept A, B: pass\n"
    newer = rewrite(text, (3, 12))
    assert newer is not None
    assert newer.text == "def f[T](x): pass\ntry: pass\nexcept A< B: pass\n"
    assert rewrite(text, (3, 14)) is None
    assert rewrite('x = f"{a["b"]}"\n', (3, 12)) is None


@pytest.mark.parametrize(
    "text",
    [
        "type = 3\ntype(x)\nprint(type)\nlazy = type\n",
        "x = [*a, *b]\ny = (*a, 1)\nz = {**a, **b}\nf(*a, **b)\n",
        "def f(*args: int, **kw: str): return a * b, a ** b\n",
        "try: pass\nexcept (A, B) as e: pass\nexcept: pass\n",
        "x = f'{a[\"b\"]!r:>{w}} {{}} {b:%H:%M}' f'{x=}' \"{\"\n",
        "match x:\n    case [1, *rest]: pass\n    case {**rest}: pass\n",
        "x = a[b](*c)\ndef f(): return [*a]\n",
        "x = lambda *a, b=1: (yield)\n",
        "for x in *a, b: print(*x)\n",
    ],
)
def test_older_syntax_is_left_as_it_is(text: str) -> None:
    assert rewrite(text, OLDEST) is None
    ast.parse(text)


@pytest.mark.parametrize(
    "text",
    ['x = f"{a', "x = '''", "x = (]", "x = f'{a!}'", "x = f'{'", "\\", "x = f'{a:'"],
)
def test_broken_text_is_not_rewritten(text: str) -> None:
    assert rewrite(text, OLDEST) is None


def test_rewritten_is_noted() -> None:
    text = "lazy import a\n"
    assert parse_source(text, Path("a.py")).rewritten == (sys.version_info < (3, 15))
    assert not parse_source("import a\n", Path("a.py")).rewritten
