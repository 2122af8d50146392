"""Who calls whom, noted while the project is evaluated."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from roadworthy.values.frames import CallKey, Summary
from roadworthy.values.program import FunctionInfo

if TYPE_CHECKING:
    from roadworthy.values.evaluator import Evaluator


class CallGraph:
    """Calls between functions whose source is read.

    It covers the evaluator's `summary_of`, through which every call passes, so that a
    run that needs no graph pays nothing.
    """

    def __init__(self, ev: Evaluator) -> None:
        self._ev = ev
        self._callees: dict[FunctionInfo, dict[FunctionInfo, None]] = {}
        self._callers: dict[FunctionInfo, list[FunctionInfo]] | None = None
        callees = self._callees
        plain = ev.summary_of

        def summary_of(key: CallKey) -> Summary:
            stack = ev.stack
            if stack:
                callees.setdefault(stack[-1].function, {})[key.function] = None
            return plain(key)

        covers: Any = ev.__dict__
        covers["summary_of"] = summary_of

    def finish(self) -> None:
        """Add what runs on its own later: coroutines, generators, background tasks."""
        for key in self._ev.calls_met():
            if key.summary is not None and key.summary.spawned:
                below = self._callees.setdefault(key.function, {})
                for spawned in key.summary.spawned:
                    below[spawned.function] = None
        self._callers = None

    def callees(self, function: FunctionInfo) -> tuple[FunctionInfo, ...]:
        """Return the functions that a function calls, those that it starts included."""
        return tuple(self._callees.get(function, ()))

    def callers(self, function: FunctionInfo) -> tuple[FunctionInfo, ...]:
        """Return the functions that call a function."""
        if self._callers is None:
            self._callers = {}
            for caller, below in self._callees.items():
                for callee in below:
                    self._callers.setdefault(callee, []).append(caller)
        return tuple(self._callers.get(function, ()))

    def reached(
        self, starts: Iterable[tuple[FunctionInfo, Any]]
    ) -> dict[FunctionInfo, Any]:
        """Return every function below the starts, with the mark of its nearest start."""
        marks: dict[FunctionInfo, Any] = {}
        waiting: deque[FunctionInfo] = deque()
        for function, mark in starts:
            if function not in marks:
                marks[function] = mark
                waiting.append(function)
        while waiting:
            function = waiting.popleft()
            mark = marks[function]
            for callee in self._callees.get(function, ()):
                if callee not in marks:
                    marks[callee] = mark
                    waiting.append(callee)
        return marks
