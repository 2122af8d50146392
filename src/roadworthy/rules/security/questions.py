"""How a value is asked about, and which parts of an expression then matter."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from roadworthy.rules.handlers import Handler, HandlerParameter

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:/?/?")


@dataclass(frozen=True, slots=True)
class Origin:
    """What of a request a value comes from, as it is written in the code."""

    text: str
    handler: Handler | None
    parameter: HandlerParameter | None


@dataclass(frozen=True, slots=True)
class Question:
    """How a value is asked about."""

    head: bool = False
    """Only how the text begins matters: a URL after a fixed host is not the client's."""
    cleansing: frozenset[str] = frozenset()
    """Functions and attributes whose result is clean."""
    guarded: bool = True
    """A check on the way makes the value clean."""
    host: bool = False
    """The host of a URL matters: a check of its scheme alone is none."""
    returns: bool = True
    """What the project's functions return is followed."""
    headers: bool = True
    """What the request's headers hold counts: a link cannot set them."""
    cleans: Callable[[ast.Call], bool] | None = None
    """Tells of a call, by its arguments, whether its result is clean."""
    whole: bool = False
    """The value itself must be a text: a dictionary or model that is passed on is none."""
    index: int | None = None
    """Which element of a tuple is asked about."""


def parts_of(node: ast.expr, question: Question) -> Iterator[ast.expr]:
    """Yield the parts of a composed expression that may carry the client's text."""
    if isinstance(node, ast.JoinedStr):
        for part in node.values:
            if isinstance(part, ast.FormattedValue):
                yield part.value
                if question.head:
                    return
            elif question.head and is_fixed(part):
                return
    elif isinstance(node, ast.BinOp):
        if isinstance(node.op, ast.Mod) and isinstance(node.left, ast.Constant):
            if not (question.head and is_fixed(node.left, "%")):
                yield node.right
        elif question.head and isinstance(node.op, ast.Add):
            if isinstance(node.left, ast.Constant):
                if not is_fixed(node.left):
                    yield node.right
            else:
                yield node.left
        else:
            yield node.left
            yield node.right
    elif isinstance(node, (ast.Await, ast.Starred, ast.NamedExpr, ast.FormattedValue)):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield node.body
        yield node.orelse
    elif isinstance(node, ast.BoolOp):
        yield from node.values
    elif isinstance(node, ast.Subscript):
        yield node.value
    elif isinstance(node, (ast.List, ast.Tuple, ast.Set)):
        yield from node.elts
    elif isinstance(node, ast.Dict):
        yield from node.values
    elif isinstance(node, (ast.ListComp, ast.SetComp, ast.GeneratorExp)):
        yield node.elt


def is_fixed(node: ast.expr, mark: str = "") -> bool:
    """Whether the constant beginning of a text settles where it leads."""
    if not isinstance(node, ast.Constant):
        return False
    text = node.value
    if isinstance(text, bytes):
        text = text.decode("latin-1")
    if not isinstance(text, str):
        return True
    if mark:
        text = text.partition(mark)[0]
    text = text.strip()
    return bool(text) and _SCHEME.fullmatch(text) is None
