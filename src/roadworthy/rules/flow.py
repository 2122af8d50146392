"""Where a value goes: a function is evaluated once more with a marked argument.

The evaluator carries the mark through assignments, attributes, containers and calls of
the project's functions, however deep; here is written down which calls are given it.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from roadworthy.rules import kinds
from roadworthy.syntax import code as c
from roadworthy.syntax.code import Node, Position, unpack
from roadworthy.values import calls
from roadworthy.values.atoms import (
    UNKNOWN,
    Atom,
    ExternalAttribute,
    ExternalInstance,
    Function,
    Mapping,
    Sequence,
    Value,
    external_instance,
    join,
)
from roadworthy.values.calls import Arguments, bind
from roadworthy.values.frames import Frame
from roadworthy.values.program import FunctionInfo, Module

if TYPE_CHECKING:
    from roadworthy.app.framework import FastAPIFramework
    from roadworthy.values.evaluator import Evaluator

_MARK = "a marked value"
_numbers = itertools.count()
_CONTEXTS = calls.KEEP_TEXT
"""A function that was called in more ways is told apart as if it were these few: else
the mark would be lost in it (see `values.calls`)."""
_KEEPING = frozenset(
    {
        "builtins.str",
        "builtins.int",
        "builtins.float",
        "builtins.bytes",
        "builtins.list",
        "builtins.tuple",
        "builtins.set",
        "builtins.sorted",
        "builtins.abs",
        "builtins.repr",
        "pathlib.Path",
        "pathlib.PurePath",
        "os.path.join",
        "os.path.abspath",
        "os.path.normpath",
        "os.path.expanduser",
        "os.fspath",
        "urllib.parse.quote",
        "urllib.parse.unquote",
        "urllib.parse.urljoin",
        "copy.copy",
        "copy.deepcopy",
        "json.dumps",
        "json.loads",
        "sqlalchemy.text",
    }
)
"""Library functions whose result holds what they are given."""


@dataclass(frozen=True, slots=True)
class Use:
    """A call that is given the marked value."""

    module: Module
    function: FunctionInfo | None
    position: Position
    method: str
    """Last part of the name under which it is called."""
    callee: Value
    names: frozenset[str]
    """Dotted names of library functions; of the project's own, none."""
    arguments: tuple[int | str, ...]
    """Which arguments hold the value: positions and keywords."""
    is_owner: bool
    """Whether the method is called on the value itself."""


@dataclass(slots=True)
class Flow:
    """Where a marked value went."""

    uses: list[Use] = field(default_factory=list)
    compared: list[tuple[str, Value]] = field(default_factory=list)
    """Ordering comparisons of it: the operator, and what it is compared with."""
    is_returned: bool = False


def is_marked(atom: Atom, depth: int = 0) -> bool:
    """Whether an atom is, or holds, the marked value."""
    if isinstance(atom, ExternalInstance):
        return atom.path.startswith(_MARK)
    if isinstance(atom, ExternalAttribute):
        return is_marked(atom.owner, depth)
    if depth < 3:
        if isinstance(atom, Sequence):
            inside = (*(atom.items or ()), atom.element)
            return any(is_marked(a, depth + 1) for value in inside for a in value)
        if isinstance(atom, Mapping):
            held = (*(v for _, v in atom.items or ()), atom.element)
            return any(is_marked(a, depth + 1) for value in held for a in value)
    return False


def holds_mark(value: Value) -> bool:
    """Whether a value may be, or hold, the marked value."""
    return any(is_marked(atom) for atom in value)


def without_mark(value: Value) -> Value:
    """Return a value's alternatives that do not hold the marked value."""
    return tuple(atom for atom in value if not is_marked(atom)) or UNKNOWN


def follow(
    ev: Evaluator,
    framework: FastAPIFramework,
    atom: Function,
    parameters: Iterable[str],
    keeping: frozenset[str] = frozenset(),
) -> Flow:
    """Return where the values of some parameters of a function go.

    The function is called as FastAPI calls it. `keeping` are further library functions
    whose result holds what they are given. Results of arithmetic, of formatting, of
    subscripts and of methods of the value hold it too; those of other library functions
    (`min`, `len`, …) do not.
    """
    # A mark of its own each time: what is remembered of another says nothing here.
    mark: Value = (external_instance(f"{_MARK} {next(_numbers)}"),)
    injected = framework.injected_arguments(atom)
    keywords = {**injected.keywords, **dict.fromkeys(parameters, mark)}
    return _Tracer(ev, mark, _KEEPING | keeping).run(atom, Arguments((), keywords))


class _Tracer:
    def __init__(self, ev: Evaluator, mark: Value, keeping: frozenset[str]) -> None:
        self.ev = ev
        self.mark = mark
        self.keeping = keeping
        self.flow = Flow()
        self.inner: list[list[tuple[Node, Value]]] = [[]]
        self.callees: dict[int, Value] = {}
        self.plain_evaluate = ev.evaluate
        self.plain_attribute = ev.attribute

    def run(self, atom: Function, arguments: Arguments) -> Flow:
        ev = self.ev
        often = [f for f in ev.functions_met() if f.contexts > _CONTEXTS]
        contexts = [function.contexts for function in often]
        for function in often:
            function.contexts = _CONTEXTS
        key = bind(ev, None, atom, arguments)
        covers: Any = ev.__dict__
        covers["evaluate"], covers["attribute"] = self.evaluate, self.attribute
        try:
            summary = ev.summary_of(key)
            for spawned in list(summary.spawned):
                ev.summary_of(spawned)
        finally:
            covers.pop("evaluate", None)
            covers.pop("attribute", None)
            for function, count in zip(often, contexts, strict=True):
                function.contexts = count
        self.flow.is_returned = holds_mark(summary.returns)
        return self.flow

    def attribute(
        self,
        frame: Frame,
        owner: Value,
        name: str,
        position: int,
        *,
        called: bool = False,
        quiet: bool = False,
    ) -> Value:
        value = self.plain_attribute(
            frame, owner, name, position, called=called, quiet=quiet
        )
        if called:
            self.callees[position] = value
        return value

    def evaluate(self, frame: Frame, node: Node) -> Value:
        self.inner.append([])
        value = self.plain_evaluate(frame, node)
        inner = self.inner.pop()
        kind = node[0]
        if kind == c.CALL:
            value = self._called(frame, node, inner, value)
        elif kind in (c.BINARY, c.PARTS, c.SUBSCRIPT):
            operands = node[2:4] if kind == c.BINARY else node[2]
            if kind == c.SUBSCRIPT:
                operands = (node[1],)
            if self._any(inner, operands) and not holds_mark(value):
                value = join(value, self.mark)
        elif kind == c.COMPARE and node[2] in ("Lt", "LtE", "Gt", "GtE"):
            self._compared(inner, node)
        self.inner[-1].append((node, value))
        return value

    def _any(self, inner: list[tuple[Node, Value]], nodes: Iterable[Node]) -> bool:
        wanted = list(nodes)
        return any(
            holds_mark(value) and any(node is one for one in wanted)
            for node, value in inner
        )

    def _compared(self, inner: list[tuple[Node, Value]], node: Node) -> None:
        left = _of(inner, node[1])
        right = _of(inner, node[3])
        if holds_mark(left):
            self.flow.compared.append((node[2], right))
        elif holds_mark(right):
            self.flow.compared.append((_MIRRORED[node[2]], left))

    def _called(
        self, frame: Frame, node: Node, inner: list[tuple[Node, Value]], value: Value
    ) -> Value:
        _, function, positional, keywords, position = node
        given: list[int | str] = []
        for index, argument in enumerate(positional):
            if holds_mark(_of(inner, argument)):
                given.append(index)
        for name, argument in keywords:
            if holds_mark(_of(inner, argument)):
                given.append(name or "**")
        is_method = function[0] == c.ATTR
        is_owner = is_method and holds_mark(_of(inner, function[1]))
        if not given and not is_owner:
            return value
        if is_method:
            callee, method = self.callees.get(function[3], ()), function[2]
        else:
            callee = _of(inner, function)
            method = function[1] if function[0] == c.NAME else ""
        paths = (kinds.path_of(atom) for atom in kinds.known(callee))
        names = frozenset(path for path in paths if path is not None)
        if not frame.module.is_library:
            self.flow.uses.append(
                Use(
                    frame.module,
                    frame.function,
                    unpack(position, frame.first_line),
                    method,
                    callee,
                    names,
                    tuple(given),
                    is_owner,
                )
            )
        if "builtins.min" in names and len(positional) > 1:
            # Bounded by the others: what comes out is no longer what came in.
            return without_mark(value)
        if (is_owner or not self.keeping.isdisjoint(names)) and not holds_mark(value):
            return join(value, self.mark)
        return value


_MIRRORED = {"Lt": "Gt", "LtE": "GtE", "Gt": "Lt", "GtE": "LtE"}


def _of(inner: list[tuple[Node, Value]], node: Node) -> Value:
    for other, value in inner:
        if other is node:
            return value
    return ()
