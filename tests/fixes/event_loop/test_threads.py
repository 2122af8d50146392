"""A wrapped call does what the call did: arguments, their order, and precedence."""

from __future__ import annotations

import ast
import asyncio
import sys
import textwrap
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from roadworthy.fixes import edits
from roadworthy.fixes.event_loop.grounds import obstacle
from roadworthy.fixes.event_loop.threads import awaited_call
from roadworthy.rules.files import ReviewedFile
from roadworthy.syntax.source import parse_source


def reviewed(text: str) -> ReviewedFile:
    source = parse_source(text, Path("module.py"))
    return ReviewedFile(Path("module.py"), "module.py", lambda: source, lambda: None)


def wrapped(text: str) -> str:
    """Return a module whose calls of `f` are moved to threads."""
    file = reviewed(text)
    calls = [
        call
        for call in file.nodes(ast.Call)
        if isinstance(call.func, ast.Name) and call.func.id == "f"
    ]
    assert calls and all(not obstacle(file, call) for call in calls)
    return edits.apply(text, [e for call in calls for e in awaited_call(file, call)])


class Result(int):
    """What `f` returns: a number that can do whatever a context asks for."""

    value = 7

    def __getitem__(self, key: object) -> object:
        return ("item", int(self), key)

    def __call__(self, *arguments: object) -> object:
        return ("called", int(self), arguments)

    def method(self, *arguments: object) -> object:
        return ("method", int(self), arguments)


class World:
    """The names that the generated code uses, and a log of what it did with them."""

    def __init__(self) -> None:
        self.log: list[object] = []

    def names(self) -> dict[str, Any]:
        return {
            "f": self.f,
            "g": self.g,
            "asyncio": asyncio,
            "a": 1,
            "xs": [2, 3],
            "kw": {"x": 4, "y": 5},
        }

    def f(self, /, *arguments: object, **keywords: object) -> Result:
        arguments = tuple(
            list(a) if hasattr(a, "__next__") else a  # type: ignore[call-overload]
            for a in arguments
        )
        self.log.append(("f", arguments, tuple(keywords.items())))
        return Result(len(arguments) + 10 * len(keywords))

    def g(self, value: object = 0) -> object:
        self.log.append(("g", value))
        return value


ATOMS = ["a", "g(1)", "g(a) + 1", "'(#'", "[i for i in xs]", "g(*xs[:1])", "(a)"]
positional = st.sampled_from([*ATOMS, "*xs", "*(g(9),)"])
named = st.sampled_from(["k=g(2)", "func=a", "self=a", "loop=g(3)"])
arguments = st.tuples(
    st.lists(positional, max_size=3),
    st.lists(named, max_size=2, unique=True),
    st.sampled_from([[], ["**kw"]]),
).map(lambda parts: [*parts[0], *parts[1], *parts[2]])
layout = st.sampled_from(["one line", "spread", "comments", "half"])


@st.composite
def calls(draw: st.DrawFn) -> str:
    parts = draw(st.one_of(arguments, st.just(["(i for i in xs)"])))
    if parts == ["(i for i in xs)"]:
        return draw(st.sampled_from(["f(i for i in xs)", "f((i for i in xs))"]))
    form = draw(layout)
    if not parts:
        return draw(st.sampled_from(["f()", "f( )"]))
    if form == "spread":
        return "f(\n        " + ",\n        ".join(parts) + ",\n    )"
    if form == "comments":
        return "f(  # why\n        " + ",  # how\n        ".join(parts) + "\n    )"
    if form == "half":
        return "f(" + ",\n      ".join(parts) + ")"
    return f"f({', '.join(parts)})"


CONTEXTS = [
    "{}",
    "{}.value",
    "{}[g(0)]",
    "{}.method({})",
    "{}({})",
    "not {}",
    "-{}",
    "{} ** 2",
    "2 ** {}",
    "{} + {} * {}",
    "[{} for _ in xs if {}]",
    "{{_: {} for _ in xs}}",
    "'y' if {} else {}",
    "{} < g(5) < {}",
    "({}, *[{}])",
    "{{'k': {}}}",
    "g({})",
    "{} or {}",
    "{} in [1, 2]",
    "(lambda q={}: q)()",
    "f({}, z={})",
    "[*{}.method(1)]",
    "dict(p={}, **{{'q': {}}})",
    "(n := {}) + n",
]
if sys.version_info >= (3, 12):
    CONTEXTS.append("f'{{{}}} and {{{}!r:>5}}'")


@st.composite
def expressions(draw: st.DrawFn) -> str:
    context = draw(st.sampled_from(CONTEXTS))
    count = context.replace("{{", "").count("{}")
    # Inside an f-string, the same quotes are no matter from Python 3.12 on.
    return context.format(*(draw(calls()) for _ in range(count)))


@settings(max_examples=300, deadline=None)
@given(expressions())
def test_wrapping_keeps_result_and_order(expression: str) -> None:
    plain = f"def work():\n    return (\n    {expression}\n    )\n"
    module = f"async def work():\n    return (\n    {expression}\n    )\n"
    before, after = World(), World()
    names = before.names()
    exec(plain, names)
    expected = names["work"]()

    text = wrapped(module)
    names = after.names()
    exec(text, names)
    result = asyncio.run(names["work"]())

    assert repr(result) == repr(expected)
    assert after.log == before.log


@settings(max_examples=100, deadline=None)
@given(calls())
def test_nothing_but_the_call_is_changed(call: str) -> None:
    module = f"async def work():\n    before = 1;  y = {call}  # after\n"
    text = wrapped(module)

    assert text.startswith("async def work():\n    before = 1;  y = await ")
    assert text.endswith(")  # after\n")
    assert ast.parse(text)


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        ("f()", "await asyncio.to_thread(f)"),
        ("f(a, k=1)", "await asyncio.to_thread(f, a, k=1)"),
        ("f(*xs, **kw)", "await asyncio.to_thread(f, *xs, **kw)"),
        ("f(i for i in xs)", "await asyncio.to_thread(f, (i for i in xs))"),
        ("f(a).value", "(await asyncio.to_thread(f, a)).value"),
        ("f(a)[0]", "(await asyncio.to_thread(f, a))[0]"),
        (
            "f(\n        a,\n        k=1,\n    )",
            "await asyncio.to_thread(\n        f,\n        a,\n        k=1,\n    )",
        ),
    ],
)
def test_wrapped_call_reads_like_code(call: str, expected: str) -> None:
    text = wrapped(f"async def work():\n    x = {call}\n")

    assert text == f"async def work():\n    x = {expected}\n"


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("async def w():\n    return lambda: f()", "lambda"),
        ("async def w():\n    return (f(x) for x in xs)", "generator"),
        ("async def w():\n    return sum(1 for x in xs if f(x))", "generator"),
        ("async def w():\n    return [[f(y) for y in x] for x in xs]", "nested"),
        ("async def w():\n    class A:\n        b = f()", "class body"),
        ("async def w():\n    def inner():\n        return f()", "plain function"),
        ("async def w():\n    with lock:\n        f()", "lock"),
        ("async def w(x: f() = 1):\n    pass", "annotation"),
        ("f()", "import"),
        ("async def w(x=f()):\n    pass", "import"),
    ],
)
def test_no_await_where_none_may_stand(body: str, reason: str) -> None:
    file = reviewed(body + "\n")
    call = next(
        c
        for c in file.nodes(ast.Call)
        if isinstance(c.func, ast.Name) and c.func.id == "f"
    )

    assert reason in obstacle(file, call)


@pytest.mark.parametrize(
    "body",
    [
        "return [x for x in f()]",
        "return (x for x in f())",
        "return [g(x) for x in xs if f(x)]",
        "with block():\n    f()",
        "def inner(x=f()): ...",
        "@f()\ndef inner(): ...",
        "try:\n    pass\nfinally:\n    f()",
    ],
)
def test_await_stands_where_it_may(body: str) -> None:
    text = "async def w():\n" + textwrap.indent(body, "    ") + "\n"

    assert ast.parse(wrapped(text))
    compile(wrapped(text), "module.py", "exec")
