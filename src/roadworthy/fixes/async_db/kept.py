"""Code that stays synchronous, on a synchronous engine of its own.

Nothing can await in a property or a cached function, and a thread has no event loop. Such
code that opens its own sessions stays as it is, and so does all that it calls: functions
that only it calls stay where they are, of those that others call too there is a copy.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from roadworthy.fixes.async_db.definitions import Definition, Definitions, targets
from roadworthy.fixes.async_db.values import Kind, Owner, Values, parameters
from roadworthy.rules.files import FunctionNode, ReviewedFile

_SOURCES: frozenset[Kind | None] = frozenset({"engine", "factory"})
"""What sessions and connections are made of."""
_TWINS = re.compile(r"_*(?:SYNC_|sync_|Sync)\w")
_MOST_COPIES = 6
"""How many functions are copied for a task, at most."""
_ASKED: frozenset[Kind | None] = frozenset(
    {"engine", "factory", "registry", "session", "connection", "query", "transaction"}
)
Related = Callable[[ReviewedFile, FunctionNode], Iterable[Owner]]


@dataclass(slots=True)
class Keeping:
    """What stays synchronous."""

    functions: dict[FunctionNode, ReviewedFile] = field(default_factory=dict)
    """Functions that stay as they are, but for the names of what they use."""
    copies: dict[FunctionNode, ReviewedFile] = field(default_factory=dict)
    """Functions that become asynchronous, and of which a synchronous copy is kept."""
    definitions: dict[tuple[ReviewedFile, ast.stmt], Definition] = field(
        default_factory=dict
    )
    """Assignments of engines and factories that get a synchronous twin."""
    handed: list[tuple[ReviewedFile, ast.expr]] = field(default_factory=list)
    """Engines and factories that are handed to what asks them synchronously."""
    missing: list[tuple[ReviewedFile, ast.expr]] = field(default_factory=list)
    """Uses of an engine or factory whose definition is not plain."""


class Keeper:
    """Finds what the code that cannot become asynchronous needs."""

    def __init__(
        self,
        values: Values,
        definitions: Definitions,
        files: Iterable[ReviewedFile],
        contexts: Callable[[ReviewedFile, ast.expr], Iterable[FunctionNode]],
        related: Related,
    ) -> None:
        self.values = values
        self.review = values.review
        self.definitions = definitions
        self.files = tuple(files)
        self._contexts = contexts
        self._related = related
        self._owner_of = {f: file for file in self.files for f in file.functions()}
        self._asks: dict[FunctionNode, bool] = {}
        self._called: dict[ast.AST, tuple[Owner, ...]] = {}
        self._twins: dict[tuple[ReviewedFile, ast.stmt], bool] = {}
        self._references: (
            dict[FunctionNode, list[tuple[ReviewedFile, ast.AST]]] | None
        ) = None
        self.result = Keeping()

    # -- questions -------------------------------------------------------------------

    def asks(self, file: ReviewedFile, node: FunctionNode) -> bool:
        """Whether a function, or one that it calls, has to do with the database."""
        known = self._asks.get(node)
        if known is None:
            self._asks[node] = False
            known = any(
                self.values.kind(file, self._subject(inner)) in _ASKED
                for inner in ast.walk(node)
                if isinstance(inner, (ast.Attribute, ast.Call))
            ) or any(self.asks(*owner) for owner in self.called(file, node))
            self._asks[node] = known
        return known

    def _subject(self, node: ast.expr) -> ast.expr | None:
        if isinstance(node, ast.Attribute):
            return node.value
        return node.func if isinstance(node, ast.Call) else None

    def called(self, file: ReviewedFile, within: ast.AST) -> tuple[Owner, ...]:
        """Return the project's functions that are called within a node."""
        known = self._called.get(within)
        if known is None:
            found: list[Owner] = []
            for inner in ast.walk(within):
                if isinstance(inner, ast.Call):
                    found.extend(self.values.callees(file, inner))
                elif isinstance(inner, ast.withitem):
                    found.extend(
                        (self._owner_of[method], method)
                        for method in self._contexts(file, inner.context_expr)
                        if method in self._owner_of
                    )
            known = self._called[within] = tuple(
                owner for owner in dict.fromkeys(found) if owner[1] in self._owner_of
            )
        return known

    def opens_its_own(self, file: ReviewedFile, node: FunctionNode) -> bool:
        """Whether a function makes the sessions that it asks, all of them."""
        return not self._is_given(file, node) and any(
            self._has_source(*owner) for owner in self._closure([(file, node)])
        )

    def _has_source(self, file: ReviewedFile, node: FunctionNode) -> bool:
        return any(
            isinstance(inner, (ast.Name, ast.Attribute))
            and self.values.kind(file, inner) in _SOURCES
            for inner in ast.walk(node)
        )

    def _is_given(self, file: ReviewedFile, node: FunctionNode) -> bool:
        """Whether a function asks a session that it has from elsewhere."""
        names = {argument.arg for argument, _ in parameters(node)}
        for inner in ast.walk(node):
            kind = (
                self.values.kind(file, inner)
                if isinstance(inner, (ast.Name, ast.Attribute))
                else None
            )
            if kind == "registry":
                return True
            if kind not in ("session", "connection"):
                continue
            if isinstance(inner, ast.Name) and inner.id in names:
                return True
            if isinstance(inner, ast.Attribute):
                return True
        return any(
            self.values.kind(file, inner) == "session"
            and isinstance(inner.func, (ast.Name, ast.Attribute))
            and (
                inner.func.attr
                if isinstance(inner.func, ast.Attribute)
                else inner.func.id
            )
            == "object_session"
            for inner in ast.walk(node)
            if isinstance(inner, ast.Call)
        )

    def _closure(self, roots: Iterable[Owner]) -> list[Owner]:
        """Return the functions that roots call and that ask the database, and the roots."""
        found: dict[Owner, None] = {}
        waiting = list(roots)
        while waiting:
            owner = waiting.pop()
            if owner in found:
                continue
            found[owner] = None
            waiting += [o for o in self.called(*owner) if self.asks(*o)]
            waiting += [
                o
                for definition in self._used_definitions(*owner)
                for o in self.called(definition.file, definition.statement)
            ]
        return list(found)

    # -- the whole -------------------------------------------------------------------

    def keep(self, roots: Iterable[Owner], tasks: Iterable[Owner]) -> Keeping:
        """Keep roots synchronous, and tasks that share little with the application.

        Tasks that share many functions with what becomes asynchronous are left out: they
        run these in an event loop of their own.
        """
        kept = list(roots)
        for task in tasks:
            closure = self._closure([task])
            outside = self._shared(closure, [*kept, task])
            copied = [o for o in outside if not self._makes_sessions(*o)]
            if len(copied) <= _MOST_COPIES:
                kept.append(task)
        closure = self._closure(kept)
        shared = self._shared(closure, kept)
        for file, node in closure:
            if (file, node) not in shared:
                self.result.functions[node] = file
        for file, node in shared:
            self.result.copies[node] = file
            for other, relative in self._related(file, node):
                self.result.copies[relative] = other
        for node, file in [*self.result.functions.items(), *self.result.copies.items()]:
            self.define(file, node)
        return self.result

    def define(self, file: ReviewedFile, within: ast.AST) -> None:
        """Note the definitions that a part of a file uses, and those that these use."""
        for node in _uses(within):
            if self.values.kind(file, node) not in (*_SOURCES, "registry"):
                continue
            self.twin(file, node)

    def twin(self, file: ReviewedFile, node: ast.expr) -> Definition | None:
        """Return the definition of an engine or factory, which is to get a twin."""
        definition = self.definitions.of(file, node)
        if definition is None:
            if not self._is_local(file, node):
                self.result.missing.append((file, node))
            return None
        key = (definition.file, definition.statement)
        if self.is_twin(definition):
            return None
        if key not in self.result.definitions:
            self.result.definitions[key] = definition
            self.define(definition.file, definition.statement)
            for owner in self._closure(
                self.called(definition.file, definition.statement)
            ):
                if owner[1] not in self.result.functions and self.asks(*owner):
                    self.result.copies[owner[1]] = owner[0]
                    self.define(*owner)
        return definition

    def is_twin(self, definition: Definition) -> bool:
        """Whether an engine or factory is the synchronous twin of an asynchronous one."""
        key = (definition.file, definition.statement)
        if not _TWINS.match(definition.name):
            return False
        if key not in self._twins:
            body: ast.AST = definition.owner or definition.file.tree
            names = {
                target.attr if isinstance(target, ast.Attribute) else target.id
                for statement in ast.walk(body)
                if isinstance(statement, (ast.Assign, ast.AnnAssign))
                for target in targets(statement)
                if isinstance(target, (ast.Attribute, ast.Name))
            }
            self._twins[key] = any(twin_name(n) == definition.name for n in names)
        return self._twins[key]

    def twins(self) -> Iterator[ast.stmt]:
        """Yield the definitions of twins that an earlier migration has made."""
        for file in self.files:
            for statement in file.nodes(ast.Assign, ast.AnnAssign):
                assert isinstance(statement, (ast.Assign, ast.AnnAssign))
                for target in targets(statement):
                    name = (
                        target.attr
                        if isinstance(target, ast.Attribute)
                        else getattr(target, "id", "")
                    )
                    owner = next(
                        (
                            a
                            for a in file.ancestors(statement)
                            if isinstance(a, ast.ClassDef)
                        ),
                        None,
                    )
                    if self.is_twin(Definition(file, name, statement, owner)):
                        yield statement

    def uses_twin(self, file: ReviewedFile, node: FunctionNode) -> bool:
        """Whether a function uses the twin of an asynchronous engine or factory.

        It may have a session of one from another function, such as `session_scope`.
        """
        return self._names_twin(file, node) or any(
            self._makes_sessions(*owner) and self._names_twin(*owner)
            for owner in self.called(file, node)
        )

    def _names_twin(self, file: ReviewedFile, node: FunctionNode) -> bool:
        return any(
            _TWINS.match(use.attr if isinstance(use, ast.Attribute) else use.id)
            and (definition := self.definitions.of(file, use)) is not None
            and self.is_twin(definition)
            for use in ast.walk(node)
            if isinstance(use, (ast.Name, ast.Attribute))
        )

    def _is_local(self, file: ReviewedFile, node: ast.expr) -> bool:
        scope = file.function_of(node)
        return (
            isinstance(node, ast.Name)
            and scope is not None
            and node.id in file.local_names(scope)
        )

    def _used_definitions(
        self, file: ReviewedFile, within: ast.AST
    ) -> Iterator[Definition]:
        for node in _uses(within):
            if self.values.kind(file, node) in _SOURCES:
                definition = self.definitions.of(file, node)
                if definition is not None:
                    yield definition

    def _makes_sessions(self, file: ReviewedFile, node: FunctionNode) -> bool:
        """Whether a function only hands out sessions or engines, such as `get_db`."""
        return self.values.returned(file, node) in _ASKED

    def _shared(self, closure: list[Owner], roots: list[Owner]) -> list[Owner]:
        """Return the functions of a closure that code outside of it uses, too."""
        inside = {node for _, node in closure}
        fixed = {node for _, node in roots}
        shared: dict[Owner, None] = {}
        changed = True
        while changed:
            changed = False
            for owner in closure:
                node = owner[1]
                if owner in shared or node in fixed:
                    continue
                if self._is_used_outside(owner, inside):
                    shared[owner] = None
                    inside.discard(node)
                    changed = True
        return list(shared)

    def _is_used_outside(self, owner: Owner, inside: set[FunctionNode]) -> bool:
        file, node = owner
        info = self.review.function_info(file, node)
        if info is not None and self.review.handler_of(info) is not None:
            return True
        for other, reference in self._uses_of(node):
            around = [a for a in other.ancestors(reference) if a in inside]
            if not around:
                return True
        return False

    def _uses_of(self, node: FunctionNode) -> list[tuple[ReviewedFile, ast.AST]]:
        if self._references is None:
            self._references = {}
            for file in self.files:
                for call in file.nodes(ast.Call):
                    for _, callee in self.values.callees(file, call):
                        self._references.setdefault(callee, []).append((file, call))
            names: dict[str, list[FunctionNode]] = {}
            for function in self._owner_of:
                names.setdefault(function.name, []).append(function)
            for file in self.files:
                for use in file.nodes(ast.Name, ast.Attribute):
                    if not isinstance(use, (ast.Name, ast.Attribute)):
                        continue
                    if not isinstance(use.ctx, ast.Load):
                        continue
                    name = use.attr if isinstance(use, ast.Attribute) else use.id
                    if name not in names:
                        continue
                    parent = file.parent(use)
                    if isinstance(parent, ast.Call) and parent.func is use:
                        if isinstance(use, ast.Attribute) and not (
                            self.values.callees(file, parent)
                        ):
                            for function in names[name]:
                                self._references.setdefault(function, []).append(
                                    (file, use)
                                )
                        continue
                    for _, callee in self.values.functions_at(file, use):
                        self._references.setdefault(callee, []).append((file, use))
            for file in self.files:
                for item in file.nodes(ast.withitem):
                    for method in self._contexts(file, item.context_expr):
                        self._references.setdefault(method, []).append((file, item))
        return self._references.get(node, [])


def twin_name(name: str) -> str:
    """Return the name of the synchronous twin of an engine or factory."""
    bare = name.lstrip("_")
    lead = name[: len(name) - len(bare)]
    if bare.isupper():
        return f"{lead}SYNC_{bare}"
    return f"{lead}{'Sync' if bare[:1].isupper() else 'sync_'}{bare}"


def _uses(within: ast.AST) -> Iterator[ast.expr]:
    """Yield the names and attributes that are read within a node."""
    if isinstance(within, (ast.FunctionDef, ast.AsyncFunctionDef)):
        parts: list[ast.AST] = [*within.body, *(d for _, d in parameters(within) if d)]
    elif isinstance(within, (ast.Assign, ast.AnnAssign)) and within.value is not None:
        parts = [within.value]
    else:
        parts = [within]
    for part in parts:
        for node in ast.walk(part):
            if isinstance(node, (ast.Name, ast.Attribute)) and isinstance(
                node.ctx, ast.Load
            ):
                yield node


__all__ = ["Keeper", "Keeping", "twin_name"]
