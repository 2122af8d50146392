"""What the values do not tell is asked of a type checker, all at once.

While functions are evaluated, attribute calls on unknown values are only collected, and
the type checker begins to work on them. In the end its answers are taken all at once, so
that they do not depend on its speed; where one names code that matters, the functions
that asked are evaluated again.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from roadworthy.syntax.code import unpack
from roadworthy.types import Question, Target
from roadworthy.values import attributes
from roadworthy.values.atoms import (
    UNKNOWN,
    External,
    Function,
    Instance,
    Value,
    external,
    instance,
    join,
)
from roadworthy.values.calls import Arguments, bind
from roadworthy.values.frames import CallKey, Frame
from roadworthy.values.program import ClassInfo, FunctionInfo, Module

if TYPE_CHECKING:
    from roadworthy.values.evaluator import Evaluator

Place = tuple[Module, int, int]

_PLAIN = frozenset(
    name
    for kind in (str, bytes, dict, list, set, tuple, int, float)
    for name in dir(kind)
) | {"read", "write", "group", "groups", "match", "json", "text", "model_dump"}
"""Names that every unknown value may have: asking about them tells nothing."""

_DEFINITION = re.compile(r"\s*(?:async\s+)?(?:def|class)\s+(\w+)")
_CLASS = re.compile(r"(\s*)class\s+(\w+)")


class Definitions(Protocol):
    """What tells where names are defined, such as a type checker."""

    def definitions(self, questions: Sequence[Question]) -> list[tuple[Target, ...]]:
        """Return where the names at these places are defined."""


class Questions:
    """Collects questions, and answers them from what the type checker said."""

    def __init__(
        self,
        ev: Evaluator,
        column: Callable[[Path, int, int], int],
        ahead: Callable[[Question], None],
    ) -> None:
        """Begin with no question.

        `column` makes a column in bytes one in characters, of a file's line; `ahead`
        is told of each question as it comes up.
        """
        self._ev = ev
        self._column = column
        self._ahead = ahead
        self._answers: dict[Place, Value] = {}
        self._asked: dict[Place, tuple[str, dict[CallKey, None]]] = {}
        self._blocking = ev.catalogue.blocking_names()
        self._worth: dict[str, bool] = {}

    def members(self, frame: Frame, name: str, position: int) -> Value:
        """Return what is known of the attribute that ends at a position, or note it."""
        place = (frame.module, position, frame.first_line)
        answer = self._answers.get(place)
        if answer is not None:
            return answer
        if name in _PLAIN or not self._ev.stack:
            return ()
        if name not in self._blocking and name not in self._ev.method_names:
            return ()
        known = self._asked.get(place)
        if known is None:
            known = self._asked[place] = (name, {})
            self._ahead(self._question(place, name))
        known[1][self._ev.stack[-1]] = None
        return ()

    @property
    def has_some(self) -> bool:
        """Whether there is anything to ask."""
        return any(self._may_matter(place) for place in self._asked)

    def _question(self, place: Place, name: str) -> Question:
        module, packed, first_line = place
        position = unpack(packed, first_line)
        line = position.end_line
        start = position.end_column - len(name.encode())
        return Question(str(module.path), line, self._column(module.path, line, start))

    def settle(self, engine: Definitions) -> tuple[int, int]:
        """Ask what was collected; evaluate again what is told more by the answers.

        Returns how many questions there were, and how many answers.

        Raises:
            TypeEngineUnavailable: the type checker cannot be used.
        """
        places = [place for place in self._asked if self._may_matter(place)]
        if not places:
            return 0, 0
        questions = [self._question(place, self._asked[place][0]) for place in places]
        affected: dict[CallKey, None] = {}
        told = 0
        for place, targets in zip(places, engine.definitions(questions), strict=True):
            name, keys = self._asked[place]
            value = self._value(targets, name)
            matters = self._matters(value, keys)
            self._answers[place] = value if matters else ()
            if value:
                told += 1
            if matters:
                affected.update(keys)
        self._asked.clear()
        self._ahead = _ignore
        if affected:
            self._ev.renew(affected)
        return len(questions), told

    def _may_matter(self, place: Place) -> bool:
        """Whether something of this name could block, or has not been evaluated yet."""
        name = self._asked[place][0]
        known = self._worth.get(name)
        if known is None:
            known = name in self._blocking or any(
                info.contexts == 0 or self._ev.blocks(info)
                for info in self._ev.methods_named(name)
            )
            self._worth[name] = known
        return known

    def _matters(self, value: Value, keys: Iterable[CallKey]) -> bool:
        """Whether those who asked must be evaluated again with this answer.

        A coroutine function runs on the loop by itself, whoever awaits it: it is only
        added to what the askers start. Other functions matter if they block.
        """
        matters = False
        for atom in value:
            if isinstance(atom, External):
                matters = True
            elif isinstance(atom, Function):
                called = bind(self._ev, None, atom, Arguments((), {}, True))
                summary = self._ev.summary_of(called)
                if atom.function.code.is_async:
                    for key in keys:
                        if key.summary is not None:
                            key.summary.spawned.setdefault(called, "coroutine")
                elif summary.effects or summary.spawned:
                    matters = True
        return matters

    def _value(self, targets: Iterable[Target], name: str) -> Value:
        result: Value = ()
        for target in targets:
            result = join(result, self._target(target, name))
        return result if result != UNKNOWN else ()

    def _target(self, target: Target, name: str) -> Value:
        ev = self._ev
        path = Path(target.path)
        module = ev.program.project_module_at(path)
        if module is not None:
            ev.run_module(module)
            info = ev.function_at(module, target.line)
            if info is None or info.cls is None:
                return ()
            return self._method(info, info.cls, name)
        qualified = _qualified_name(path, target.line, name)
        if target.module is None or not qualified:
            return ()
        dotted = ev.catalogue.canonical(f"{target.module}.{qualified}")
        if ev.catalogue.call(dotted) or ev.catalogue.result(dotted) is not None:
            return external(dotted)
        return ()

    def _method(self, info: FunctionInfo, cls: ClassInfo, name: str) -> Value:
        made: Instance = instance(cls, False)
        frame = Frame(cls.module, cls.code, cls.environment, None)
        return attributes.of_instance(self._ev, frame, made, name, 0)


def _ignore(question: Question) -> None:
    """Nothing more is asked."""


def _qualified_name(path: Path, line: int, name: str) -> str:
    """Return `Class.method` for a definition in a library's file."""
    try:
        lines = path.read_text(encoding="utf-8", errors="replace").split("\n")
    except OSError:
        return ""
    if line > len(lines):
        return ""
    found = _DEFINITION.match(lines[line - 1])
    if found is None or found[1] != name:
        return ""
    indent = len(lines[line - 1]) - len(lines[line - 1].lstrip())
    qualified = name
    for text in reversed(lines[: line - 1]):
        if indent == 0:
            break
        outer = _CLASS.match(text)
        if outer is not None and len(outer[1]) < indent:
            qualified = f"{outer[2]}.{qualified}"
            indent = len(outer[1])
    return qualified
