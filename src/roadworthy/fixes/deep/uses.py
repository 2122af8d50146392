"""Where a function of the project is used: calls, references, and what cannot be told."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from roadworthy.rules import kinds
from roadworthy.rules.files import ReviewedFile
from roadworthy.rules.review import Review
from roadworthy.rules.threads import thread_function
from roadworthy.rules.trees import last_name
from roadworthy.values.atoms import Atom, Function, Wrapped
from roadworthy.values.program import FunctionInfo

UseKind = Literal["call", "threaded", "injected", "reference", "unsure"]

_INJECTING = frozenset(
    {
        "Depends",
        "Security",
        "add_task",
        "add_api_route",
        "add_event_handler",
        "BackgroundTask",
    }
)


@dataclass(frozen=True, slots=True, eq=False)
class Use:
    """One place at which a function is used.

    A call; a call through a thread (`asyncio.to_thread(f, …)`); handed to FastAPI, which
    awaits it where it is a coroutine function; a reference of another kind; or something
    of the same name that cannot be told to be another function.
    """

    kind: UseKind
    file: ReviewedFile
    node: ast.expr
    call: ast.Call | None = None


def uses(review: Review, functions: Collection[FunctionInfo]) -> list[Use]:
    """Return every use of some functions in the project, tests included."""
    wanted = frozenset(functions)
    names = {function.code.name for function in wanted}
    methods = {f.code.name for f in wanted if f.cls is not None}
    found: list[Use] = []
    for file in review.all_files:
        if file.source is None or not file.mentions(*names):
            continue
        review.loaded(file)
        aliases = names | set(_aliases(file, names))
        for name in file.nodes(ast.Name):
            if name.id in aliases and isinstance(name.ctx, ast.Load):
                known = _resolve(review, file, name)
                if _is_one(known, wanted):
                    found.append(_use(review, file, name))
                elif known is None and not _is_local(file, name):
                    found.append(Use("unsure", file, name))
        for attribute in file.nodes(ast.Attribute):
            if attribute.attr not in names or not isinstance(attribute.ctx, ast.Load):
                continue
            known = _resolve(review, file, attribute)
            if _is_one(known, wanted):
                found.append(_use(review, file, attribute))
            elif known is None and attribute.attr in methods:
                found.append(Use("unsure", file, attribute))
        found.extend(_by_text(file, names))
    return found


def _aliases(file: ReviewedFile, names: Collection[str]) -> Iterator[str]:
    for node in file.nodes(ast.ImportFrom):
        for alias in node.names:
            if alias.name in names and alias.asname:
                yield alias.asname


def _resolve(
    review: Review, file: ReviewedFile, node: ast.Name | ast.Attribute
) -> tuple[Atom, ...] | None:
    """Return what a name stands for; None where that cannot be told."""
    parent = file.parent(node)
    if isinstance(parent, ast.Call) and parent.func is node:
        found = review.callees(file, parent)
        if found:
            return found
    return kinds.known(review.value(file, node)) or None


def _is_one(atoms: Iterable[Atom] | None, wanted: Collection[FunctionInfo]) -> bool:
    return any(
        function in wanted for atom in atoms or () for function in _functions(atom)
    )


def _functions(atom: Atom) -> Iterator[FunctionInfo]:
    if isinstance(atom, Function):
        yield atom.function
    elif isinstance(atom, Wrapped):
        for part in atom.value:
            yield from _functions(part)


def _is_local(file: ReviewedFile, name: ast.Name) -> bool:
    return any(
        name.id in file.local_names(scope)
        for scope in file.ancestors(name)
        if isinstance(scope, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda))
    )


def _use(review: Review, file: ReviewedFile, node: ast.expr) -> Use:
    parent = file.parent(node)
    if isinstance(parent, ast.Call):
        if parent.func is node:
            return Use("call", file, node, parent)
        if thread_function(review, file, parent) is node:
            return Use("threaded", file, node, parent)
        if last_name(parent.func) in _INJECTING:
            return Use("injected", file, node, parent)
    return Use("reference", file, node)


def _by_text(file: ReviewedFile, names: Collection[str]) -> Iterator[Use]:
    """Yield where a test replaces a function by its name."""
    for constant in file.nodes(ast.Constant):
        value = constant.value
        if not isinstance(value, str) or value.rpartition(".")[2] not in names:
            continue
        parent = file.parent(constant)
        if isinstance(parent, ast.Call):
            called = parent.func
            if isinstance(called, ast.Attribute) and called.attr == "setattr":
                yield Use("unsure", file, constant)
