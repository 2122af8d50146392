"""Plain functions turned into coroutine functions, with all that calls them.

A conversion is whole or not at all: every definition becomes `async def`, every call is
awaited, calls through a thread lose the thread, and tests that call one await it too.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from roadworthy.app.model import LoopEntry
from roadworthy.effects.walk import walk
from roadworthy.findings import Edit, Finding, Fix, Import
from roadworthy.fixes import places
from roadworthy.fixes.deep import async_tests
from roadworthy.fixes.deep.family import relatives
from roadworthy.fixes.deep.uses import Use, uses
from roadworthy.fixes.event_loop.grounds import is_free, obstacle
from roadworthy.fixes.event_loop.outcome import Left, Outcome
from roadworthy.fixes.event_loop.threads import awaited
from roadworthy.rules import kinds
from roadworthy.rules.event_loop import report
from roadworthy.rules.files import FunctionNode, ReviewedFile, own_nodes
from roadworthy.rules.review import Review
from roadworthy.values.program import FunctionInfo

Decide = Callable[[Review, Finding, "FunctionNode | None"], Outcome]

_KEPT_DECORATORS = frozenset(
    {"staticmethod", "classmethod", "abstractmethod", "override", "final", "overload"}
)
_ROUTE_DECORATORS = frozenset(
    {"get", "post", "put", "patch", "delete", "options", "head", "trace", "api_route"}
)
_TAKE_BOTH = frozenset(
    {
        "starlette.authentication.requires",
        "slowapi.Limiter.limit",
        "slowapi.extension.Limiter.limit",
        "slowapi.Limiter.shared_limit",
        "slowapi.Limiter.exempt",
        "fastapi_cache.decorator.cache",
        "backoff.on_exception",
        "backoff.on_predicate",
        "tenacity.retry",
        "fastapi_versioning.version",
        "fastapi_versioning.versioning.version",
    }
)
_THREAD_ONLY = re.compile(
    r"\bfrom_thread\b|\basync_to_sync\b|\basyncio\.run\(|\brun_until_complete\b"
    r"|\bthreading\.local\b"
)
_OF_THE_THREAD = frozenset({"limiter", "cancellable", "abandon_on_cancel"})
"""What anyio's `run_sync` takes for itself."""
_MOST = 40
"""Functions that one conversion may come to; larger ones are a decision of their own."""


@dataclass(slots=True)
class Plan:
    """What a conversion has come to."""

    functions: dict[FunctionInfo, None] = field(default_factory=dict)
    edits: dict[Edit, None] = field(default_factory=dict)
    imports: dict[Import, None] = field(default_factory=dict)
    claims: list[Finding] = field(default_factory=list)
    warnings: dict[str, None] = field(default_factory=dict)
    is_safe: bool = True

    def take(self, edits: Iterable[Edit]) -> None:
        """Add edits."""
        self.edits.update(dict.fromkeys(edits))


def convert(
    review: Review,
    starts: Iterable[FunctionInfo],
    decide: Decide,
    *,
    grow: bool = True,
) -> Plan | Left:
    """Return the plan that makes functions asynchronous, or why that cannot be done.

    With `grow`, plain functions of the application that call them become asynchronous
    as well, up to those that already are.
    """
    plan = Plan()
    waiting = list(dict.fromkeys(starts))
    used: list[Use] = []
    while waiting:
        function = waiting.pop()
        if function in plan.functions:
            continue
        reason = _hindrance(review, function)
        if reason:
            return Left(reason)
        plan.functions[function] = None
        if len(plan.functions) > _MOST:
            return Left(f"more than {_MOST} functions would have to change with it")
        related = relatives(review, function)
        if isinstance(related, Left):
            return related
        waiting.extend(related)
        for use in uses(review, [function]):
            above = _caller(review, use)
            if isinstance(above, Left):
                return above
            used.append(use)
            if function.code.is_generator and use.kind == "call":
                return Left(f"`{function.code.name}` is a generator that is called")
            if above is not None and above not in plan.functions:
                if not grow:
                    return Left(f"`{above.code.name}`, a plain function, calls it")
                waiting.append(above)
    nodes = {review.node_of(function) for function in plan.functions}
    awaited_calls: set[ast.expr] = set()
    for use in used:
        reason = _rewrite_use(review, plan, use, nodes)
        if reason:
            return Left(reason)
        if use.call is not None:
            awaited_calls.add(use.call)
    for function in plan.functions:
        reason = _rewrite_function(review, plan, function, awaited_calls, decide)
        if reason:
            return Left(reason)
    if _overlaps(plan.edits):
        return Left("its edits would cross; apply the other fixes first")
    return plan


def _hindrance(review: Review, function: FunctionInfo) -> str:
    """Return why a function cannot become a coroutine function."""
    node, file = review.node_of(function), review.file_of(function.module)
    name = function.code.name
    if node is None or file is None:
        return f"`{name}` is not a function of the project"
    if isinstance(node, ast.AsyncFunctionDef):
        return f"`{name}` is a coroutine function, and blocks"
    if name.startswith("__") and name.endswith("__"):
        return f"`{name}` is called by Python itself, which does not await it"
    if function.code.is_generator and not _streams(review, function, node):
        return f"`{name}` is a generator, and what iterates over it would change"
    handler = review.handler_of(function)
    for decorator in node.decorator_list:
        target = decorator.func if isinstance(decorator, ast.Call) else decorator
        last = target.attr if isinstance(target, ast.Attribute) else ""
        if isinstance(target, ast.Name):
            last = target.id
        if handler is not None and last in _ROUTE_DECORATORS:
            continue
        if last == "on_event":
            continue
        if last not in _KEPT_DECORATORS and not _takes_both(review, file, decorator):
            return f"`{name}` is decorated with `{file.text(target)}`"
    text = "\n".join(file.lines[node.lineno - 1 : node.end_lineno or node.lineno])
    if _THREAD_ONLY.search(text):
        return f"`{name}` counts on running in a thread of its own"
    return ""


def _streams(review: Review, function: FunctionInfo, node: FunctionNode) -> bool:
    """Whether FastAPI alone iterates over a generator, and it can be asynchronous."""
    return review.handler_of(function) is not None and not any(
        isinstance(inner, ast.YieldFrom)
        or (isinstance(inner, ast.Return) and inner.value is not None)
        for inner in own_nodes(node)
    )


def _takes_both(review: Review, file: ReviewedFile, decorator: ast.expr) -> bool:
    """Whether a library's decorator takes coroutine functions as well as plain ones."""
    if isinstance(decorator, ast.Call):
        return not _TAKE_BOTH.isdisjoint(review.names(file, decorator))
    known = kinds.known(review.value(file, decorator))
    return any((kinds.path_of(atom) or "") in _TAKE_BOTH for atom in known)


def _caller(review: Review, use: Use) -> FunctionInfo | Left | None:
    """Return the plain function that a use makes asynchronous; None if there is none."""
    where = f"{use.file.relative}:{use.node.lineno}"
    if use.kind == "unsure":
        return Left(f"what is used at {where} cannot be told")
    if use.kind in ("reference", "injected"):
        if use.kind == "injected" or _is_export(use):
            return None
        return Left(f"it is handed on as a value at {where}")
    assert use.call is not None
    if use.kind == "threaded":
        if isinstance(use.file.parent(use.call), ast.Await):
            return None
        return Left(f"it is started in a thread at {where}")
    function = use.file.function_of(use.call)
    if function is None:
        if _runs_as_script(use.file, use.call):
            return None
        return Left(f"it is called at import, at {where}")
    if review.is_test(use.file):
        return None
    if isinstance(function, ast.AsyncFunctionDef):
        reason = obstacle(use.file, use.call)
        return Left(f"at {where}, {reason}") if reason else None
    info = review.function_info(use.file, function)
    if info is None:
        return Left(f"`{function.name}` at {where} is not known to the analysis")
    reason = obstacle(use.file, use.call, function)
    return Left(f"at {where}, {reason}") if reason else info


def _is_export(use: Use) -> bool:
    parent = use.file.parent(use.node)
    return isinstance(parent, (ast.Import, ast.ImportFrom))


def _runs_as_script(file: ReviewedFile, node: ast.AST) -> bool:
    return any(
        isinstance(parent, ast.If) and "__main__" in file.text(parent.test)
        for parent in file.ancestors(node)
    )


# -- edits -------------------------------------------------------------------------------


def _rewrite_use(
    review: Review, plan: Plan, use: Use, nodes: set[FunctionNode | None]
) -> str:
    call, file = use.call, use.file
    if call is None or use.kind in ("reference", "injected"):
        return ""
    if use.kind == "threaded":
        return _without_thread(plan, file, call)
    function = file.function_of(call)
    if function is not None and (
        isinstance(function, ast.AsyncFunctionDef) or function in nodes
    ):
        if isinstance(file.parent(call), ast.Await):
            return ""
        reason = obstacle(file, call, function)
        if reason:
            return f"at {file.relative}:{call.lineno}, {reason}"
        plan.take(awaited(file, call))
        return ""
    if function is not None and async_tests.becomes_async(review, file, function):
        reason = obstacle(file, call, function)
        if not reason:
            plan.take(awaited(file, call))
            edits, imports = async_tests.made_async(review, file, function)
            plan.take(edits)
            plan.imports.update(dict.fromkeys(imports))
            return ""
    if not is_free(file, call, "asyncio"):
        return f"`asyncio` is the name of something else in {file.relative}"
    plan.take(
        (places.before(file, call, "asyncio.run("), places.after(file, call, ")"))
    )
    plan.imports[Import(file.relative, "import asyncio")] = None
    return ""


def _without_thread(plan: Plan, file: ReviewedFile, call: ast.Call) -> str:
    """Turn `await to_thread(f, x)` into `await f(x)`."""
    function = call.args[0]
    text = places.source_text(file, function)
    if any(keyword.arg in _OF_THE_THREAD for keyword in call.keywords):
        return f"at {file.relative}:{call.lineno}, it has options of its own for the thread"
    rest: list[ast.expr | ast.keyword] = [*call.args[1:], *call.keywords]
    start = places.before(file, call, "")
    if rest:
        rest.sort(key=lambda part: (part.lineno, part.col_offset))
        stop = places.before(file, rest[0], "")
    else:
        end = places.after(file, call, "")
        plan.take(
            [
                Edit(
                    file.relative,
                    start.line,
                    start.column,
                    end.line,
                    end.column,
                    f"{text}()",
                )
            ]
        )
        return ""
    plan.take(
        [
            Edit(
                file.relative,
                start.line,
                start.column,
                stop.line,
                stop.column,
                f"{text}(",
            )
        ]
    )
    return ""


def _rewrite_function(
    review: Review,
    plan: Plan,
    function: FunctionInfo,
    awaited_calls: set[ast.expr],
    decide: Decide,
) -> str:
    node, file = review.node_of(function), review.file_of(function.module)
    assert node is not None and file is not None
    plan.take([places.before(file, node, "async ")])
    for finding in blocking(review, function):
        claimed = places.node_at(file, finding, ast.Call)
        if claimed is not None and claimed in awaited_calls:
            continue
        outcome = decide(review, finding, node)
        if isinstance(outcome, Left):
            what = finding.message.partition(" blocks")[0]
            return f"{what} at {finding.path}:{finding.line}: {outcome.reason}"
        plan.take(outcome.edits)
        plan.imports.update(dict.fromkeys(outcome.imports))
        plan.claims.append(finding)
        if not outcome.safe:
            plan.is_safe = False
            plan.warnings[outcome.note] = None
    return ""


def blocking(review: Review, function: FunctionInfo) -> Iterator[Finding]:
    """Yield what would be found in a plain function if it ran on the loop."""
    review.meet(function)
    ev = review.evaluator
    seen: set[tuple[int, int, str]] = set()
    for key in ev.calls_met():
        if key.function is not function or key.summary is None:
            continue
        walked = walk(ev, [LoopEntry("route", function.code.name, key)])
        sites = [site for site in walked.sites if site.function is function]
        for finding in report.findings(sites, review.sources):
            place = (finding.line, finding.column, finding.rule)
            if place not in seen:
                seen.add(place)
                yield finding


def is_certain(review: Review, function: FunctionInfo) -> bool:
    """Whether every call in a function, and below it, could be followed."""
    ev = review.evaluator
    return not any(
        walk(ev, [LoopEntry("route", function.code.name, key)]).unresolved
        for key in ev.calls_met()
        if key.function is function and key.summary is not None
    )


def _overlaps(edits: Iterable[Edit]) -> bool:
    last: dict[str, tuple[int, int]] = {}
    begun: set[tuple[str, int, int, int, int]] = set()
    for edit in sorted(edits, key=lambda e: (e.path, e.line, e.column)):
        place = (edit.path, edit.line, edit.column, edit.end_line, edit.end_column)
        if place in begun:
            return True
        begun.add(place)
        if (edit.line, edit.column) < last.get(edit.path, (0, 0)):
            return True
        last[edit.path] = (edit.end_line, edit.end_column)
    return False


def as_fix(plan: Plan, note: str = "") -> Fix:
    """Return a plan as one fix."""
    notes = [note] if note else []
    notes.extend(plan.warnings)
    return Fix(
        plan.is_safe and not note,
        tuple(plan.edits),
        "; ".join(notes),
        tuple(plan.imports),
    )
