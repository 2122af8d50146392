"""What each expression of a function stood for: the function is evaluated once more.

A normal run keeps no value of single expressions. Where a rule asks for one, the calls
of that function which the run has met are evaluated again, one by one, while the
evaluator's `evaluate` is covered by a version that writes down what it returns. Without
such a question nothing of this runs. What calls called and gave, which rules ask for most,
the run has noted itself (`CallNotes`).
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from roadworthy.syntax import code as c
from roadworthy.syntax.code import Node
from roadworthy.values import calls
from roadworthy.values.atoms import (
    Atom,
    Function,
    Value,
    Wrapped,
    instance,
    intern,
    join,
)
from roadworthy.values.calls import Arguments
from roadworthy.values.frames import CallKey, CallNotes, Frame
from roadworthy.values.program import FunctionInfo

if TYPE_CHECKING:
    from roadworthy.app.framework import FastAPIFramework
    from roadworthy.values.evaluator import Evaluator

_MOST_CALLS = 4
"""How many of a function's calls are looked at: they hardly ever differ in kind."""

_PLACE_OF = {
    c.NAME: 2,
    c.ATTR: 3,
    c.CALL: 4,
    c.AWAIT: 2,
    c.COMPARE: 4,
    c.BINARY: 4,
    c.SUBSCRIPT: 3,
    c.COMPREHENSION: 5,
    c.YIELD_FROM: 2,
}
"""Where in a node its packed position is."""


class Recorded:
    """Values in one function, by packed position."""

    __slots__ = ("values",)

    def __init__(self) -> None:
        self.values: dict[int, Value] = {}


class Recorder:
    """Evaluates functions again to learn the values in them; keeps what it learnt."""

    def __init__(self, ev: Evaluator, framework: FastAPIFramework) -> None:
        self.ev = ev
        self.framework = framework
        self._known: dict[FunctionInfo, Recorded] = {}
        self._keys: dict[FunctionInfo, list[CallKey]] | None = None

    def given(self, function: FunctionInfo, parameter: str) -> Value:
        """Return what a parameter is given in the calls that the run has met."""
        value: Value = ()
        for key in self._calls_of(function):
            for name, bound in key.bound:
                if name == parameter:
                    value = join(value, bound)
        return value

    def returned(self, function: FunctionInfo) -> Value:
        """Return what the calls of a function returned."""
        self.met(function)
        value: Value = ()
        for key in self._calls_of(function):
            if key.summary is not None:
                value = join(value, key.summary.returns)
        return value

    def notes(self, function: FunctionInfo) -> CallNotes:
        """Return what the calls in a function called and gave.

        The run has noted it where it met the function; nothing is evaluated again.
        """
        assert self.ev.notes is not None
        self.met(function)
        return self.ev.notes.get(function) or CallNotes()

    def of(self, function: FunctionInfo) -> Recorded:
        """Return the values in a function."""
        known = self._known.get(function)
        if known is None:
            known = self._known[function] = Recorded()
            for key in self._calls_of(function):
                self._record(key, known)
        return known

    def met(self, function: FunctionInfo) -> None:
        """Evaluate a function's calls if the run did not: threads run `def` handlers."""
        for key in self._calls_of(function):
            if key.summary is None:
                contexts = function.contexts
                with _Frozen(self.framework):
                    self.ev.summary_of(key)
                function.contexts = contexts

    def frozen(self) -> _Frozen:
        """Return a context in which evaluating code declares nothing."""
        return _Frozen(self.framework)

    def evaluate(self, frame: Frame, node: Node) -> Value:
        """Evaluate an expression outside of a run: the application stays as it is."""
        with _Frozen(self.framework):
            return self.ev.evaluate(frame, node)

    def _calls_of(self, function: FunctionInfo) -> list[CallKey]:
        if self._keys is None:
            keys: dict[FunctionInfo, list[CallKey]] = defaultdict(list)
            for key in self.ev.calls_met():
                keys[key.function].append(key)
            self._keys = keys
        known = self._keys.get(function)
        if known:
            # The last ones: as a run goes on, calls are told apart less and less, so
            # that these stand for more.
            return (
                known[:_MOST_CALLS]
                if len(known) <= _MOST_CALLS
                else [
                    *known[: _MOST_CALLS - 2],
                    *known[-2:],
                ]
            )
        atom = function_atom(function)
        arguments = Arguments((), {}, True)
        with _Frozen(self.framework):
            return [calls.bind(self.ev, None, atom, arguments)]

    def _record(self, key: CallKey, recorded: Recorded) -> None:
        ev = self.ev
        function = key.function
        values = recorded.values
        plain_evaluate = ev.evaluate

        def evaluate(frame: Frame, node: Node) -> Value:
            value = plain_evaluate(frame, node)
            if frame.function is function:
                place = _PLACE_OF.get(node[0])
                if place is not None:
                    packed = node[place]
                    values[packed] = join(values.get(packed, ()), value)
            return value

        summary, contexts = key.summary, function.contexts
        key.summary = None
        covers: Any = ev.__dict__
        with _Frozen(self.framework):
            covers["evaluate"] = evaluate
            try:
                ev.summary_of(key)
            finally:
                del covers["evaluate"]
        if summary is not None:
            key.summary = summary
        function.contexts = contexts


class _Frozen:
    """While it lasts, evaluating code declares no routes, routers or hooks."""

    def __init__(self, framework: FastAPIFramework) -> None:
        self._covers: Any = framework.__dict__

    def __enter__(self) -> None:
        for name in ("_declare", "_include", "_hook"):
            self._covers[name] = _nothing

    def __exit__(self, *_: object) -> None:
        for name in ("_declare", "_include", "_hook"):
            self._covers.pop(name, None)


def _nothing(*_: object, **__: object) -> None:
    return None


def function_atom(function: FunctionInfo) -> Function:
    """Return a function as it may be called, though the run met no call of it."""
    cls = function.cls
    if cls is not None:
        held: Value = cls.namespace.get(function.code.name, ())
        outer = cls.environment.parent
    else:
        held = function.module.environment.names.get(function.code.name, ())
        outer = None
    closure = outer if outer is not None else function.module.environment
    receiver: Atom | None = None
    for atom in held:
        found = _unwrapped(atom, function)
        if found is not None:
            closure = found.closure
    if cls is not None and function.code.parameters:
        first = function.code.parameters[0].name
        if first in ("self", "cls"):
            receiver = instance(cls, False)
    made = intern(Function, function, closure, receiver)
    return made if isinstance(made, Function) else Function(function, closure, None)


def _unwrapped(atom: Atom, function: FunctionInfo) -> Function | None:
    if isinstance(atom, Function):
        return atom if atom.function is function else None
    if isinstance(atom, Wrapped):
        for part in atom.value:
            found = _unwrapped(part, function)
            if found is not None:
                return found
    return None
