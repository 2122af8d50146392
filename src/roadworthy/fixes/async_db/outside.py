"""Functions that are called outside of the event loop: by threads, queues, schedulers."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from roadworthy.fixes.async_db.operations import last
from roadworthy.fixes.async_db.values import Values
from roadworthy.rules.files import FunctionNode, ReviewedFile
from roadworthy.rules.threads import starting_names

BRIDGED_DECORATORS = frozenset(
    {"command", "task", "shared_task", "actor", "callback", "job", "periodic_task"}
)
"""Decorators of libraries that call a function outside of any event loop."""
TASK_DECORATORS = BRIDGED_DECORATORS - {"command", "callback"}
CALLING_BACK = frozenset(
    {
        "Thread",
        "Timer",
        "Process",
        "submit",
        "add_job",
        "register",
        "signal",
        "subscribe",
        "apply_async",
        "starmap",
        "map",
        "do",
        "enqueue",
    }
)
"""Names of functions that take another one, and call it outside of the event loop."""
HANDED_ON = ("fastapi", "starlette", "asyncio", "anyio", "functools", "contextlib")


class Outside:
    """Tells which functions are called so."""

    def __init__(self, values: Values, files: Iterable[ReviewedFile]) -> None:
        self.values = values
        self.review = values.review
        self.files = tuple(files)
        self._handed: set[FunctionNode] | None = None

    def is_task(self, file: ReviewedFile, node: FunctionNode) -> bool:
        """Whether a queue's worker runs a function."""
        return any(
            last(target) in TASK_DECORATORS
            and not self.values.functions_at(file, target)
            for decorator in node.decorator_list
            for target in [
                decorator.func if isinstance(decorator, ast.Call) else decorator
            ]
        )

    def is_called_back(self, file: ReviewedFile, node: FunctionNode) -> bool:
        """Whether a function is handed to what calls it outside of the event loop."""
        if self._handed is None:
            self._handed = set()
            calling = self.review.once(starting_names) | CALLING_BACK
            for other in self.files:
                if not other.mentions(*calling):
                    continue
                for call in other.nodes(ast.Call):
                    if last(call.func) in calling:
                        self._handed.update(self._callbacks(other, call))
        return node in self._handed

    def _callbacks(self, file: ReviewedFile, call: ast.Call) -> Iterator[FunctionNode]:
        names = self.review.names(file, call)
        if any(name.partition(".")[0] in HANDED_ON for name in names):
            return
        if last(call.func) == "add_job" and any("asyncio" in n.lower() for n in names):
            return
        if isinstance(call.func, ast.Name) and call.func.id == "map":
            return
        if self.values.callees(file, call):
            return
        for value in [*call.args, *(k.value for k in call.keywords)]:
            if isinstance(value, (ast.Name, ast.Attribute)):
                for _, node in self.values.functions_at(file, value):
                    yield node
