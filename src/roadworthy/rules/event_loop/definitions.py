"""Which module-level definitions the routes use, followed by name from file to file.

Values do not say where they were made. This does: from the statement that binds a name to
those that read it, and on from there, up to a function that routes reach.
"""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterable, Iterator

from roadworthy.rules.event_loop.places import FUNCTIONS, target_names
from roadworthy.rules.files import ReviewedFile
from roadworthy.rules.nodes import walk
from roadworthy.rules.review import Review

Key = tuple[ReviewedFile, str]
"""A name that is bound at the top of a file."""

_BLOCKS = (ast.If, ast.Try, ast.With, ast.AsyncWith, ast.For, ast.While)


class Definitions:
    """The top-level statements of the application's files, and who reads their names."""

    def __init__(self, review: Review) -> None:
        self.review = review
        self._bound: dict[ReviewedFile, dict[str, list[ast.stmt]]] = {}
        self._imports: dict[ReviewedFile, dict[str, tuple[int, str, str | None]]] = {}
        self._reads: dict[ReviewedFile, dict[str, list[ast.expr]]] = {}
        self._known: dict[ast.stmt, bool] = {}

    def is_used(self, file: ReviewedFile, statement: ast.stmt) -> bool:
        """Whether a function that routes reach uses what a top-level statement binds."""
        known = self._known.get(statement)
        if known is None:
            known = self._known[statement] = self._is_used(file, statement)
        return known

    def _is_used(self, file: ReviewedFile, statement: ast.stmt) -> bool:
        seen = {statement}
        waiting = [(file, statement)]
        while waiting:
            here, current = waiting.pop()
            if isinstance(current, ast.ClassDef) and self._has_reached(here, current):
                return True
            for other, read in self._readers(here, current):
                if self._is_reached(other, read):
                    return True
                top = self.top_of(other, read)
                if top is not None and top not in seen:
                    seen.add(top)
                    waiting.append((other, top))
        return False

    def is_attribute_read(self, attribute: str, within: ast.ClassDef) -> bool:
        """Whether a reached function, or the class itself, reads an attribute."""
        for file in self.review.files:
            if not file.mentions(attribute):
                continue
            for read in self._index_reads(file).get(attribute, ()):
                if isinstance(read, ast.Attribute):
                    if self.top_of(file, read) is within:
                        return True
                    if self._is_reached(file, read):
                        return True
        return False

    def top_of(self, file: ReviewedFile, node: ast.AST) -> ast.stmt | None:
        """Return the top-level statement (blocks opened) around a node."""
        found: ast.stmt | None = node if isinstance(node, ast.stmt) else None
        for parent in file.ancestors(node):
            if isinstance(parent, ast.Module):
                return found
            if isinstance(parent, _BLOCKS) and isinstance(
                file.scope(parent), ast.Module
            ):
                if found is not None:
                    return found
            if isinstance(parent, ast.stmt):
                found = parent
        return found

    # -- who reads what --------------------------------------------------------------

    def _readers(
        self, file: ReviewedFile, statement: ast.stmt
    ) -> Iterator[tuple[ReviewedFile, ast.expr]]:
        """Yield the expressions that read a name which a statement binds."""
        names = _names_bound(statement)
        states: set[str] = set()
        for node in walk(statement):
            if isinstance(node, ast.Global):
                names.update(node.names)
            elif isinstance(node, (ast.Assign, ast.AnnAssign)):
                targets = (
                    node.targets if isinstance(node, ast.Assign) else [node.target]
                )
                states.update(filter(None, map(_state_name, targets)))
        for name in names | states:
            for other in self.review.files:
                if not other.mentions(name):
                    continue
                for read in self._index_reads(other).get(name, ()):
                    through_state = name in states and _is_state(read)
                    if through_state or (
                        name in names and self._leads_to(other, read, (file, name))
                    ):
                        yield other, read

    def _index_reads(self, file: ReviewedFile) -> dict[str, list[ast.expr]]:
        known = self._reads.get(file)
        if known is None:
            known = self._reads[file] = defaultdict(list)
            for name in file.nodes(ast.Name):
                if isinstance(name.ctx, ast.Load):
                    known[name.id].append(name)
            for attribute in file.nodes(ast.Attribute):
                if isinstance(attribute.ctx, ast.Load):
                    known[attribute.attr].append(attribute)
        return known

    def _leads_to(self, file: ReviewedFile, read: ast.expr, key: Key) -> bool:
        parts: list[str] = []
        root = read
        while isinstance(root, ast.Attribute):
            parts.append(root.attr)
            root = root.value
        if not isinstance(root, ast.Name):
            return False
        parts.append(root.id)
        return key in self._resolve(file, parts[::-1])

    def _is_reached(self, file: ReviewedFile, node: ast.AST) -> bool:
        function = file.function_of(node)
        while function is not None:
            info = self.review.function_info(file, function)
            if info is not None and self.review.is_reached(info):
                return True
            function = file.function_of(function)
        return False

    def _has_reached(self, file: ReviewedFile, cls: ast.ClassDef) -> bool:
        for statement in cls.body:
            if isinstance(statement, FUNCTIONS):
                info = self.review.function_info(file, statement)
                if info is not None and self.review.is_reached(info):
                    return True
        return False

    # -- names -----------------------------------------------------------------------

    def _index(self, file: ReviewedFile) -> dict[str, list[ast.stmt]]:
        known = self._bound.get(file)
        if known is not None:
            return known
        bound: dict[str, list[ast.stmt]] = defaultdict(list)
        self._bound[file] = bound
        for statement in _top_level(file.tree.body):
            for name in _names_bound(statement):
                bound[name].append(statement)
        for declared in file.nodes(ast.Global):
            for name in declared.names:
                top = self.top_of(file, declared)
                if top is not None:
                    bound[name].append(top)
        imported: dict[str, tuple[int, str, str | None]] = {}
        for node in file.nodes(ast.Import, ast.ImportFrom):
            if isinstance(node, ast.Import):
                for alias in node.names:
                    name = alias.asname or alias.name.partition(".")[0]
                    whole = alias.name if alias.asname else name
                    imported.setdefault(name, (0, whole, None))
            elif isinstance(node, ast.ImportFrom):
                for alias in node.names:
                    imported.setdefault(
                        alias.asname or alias.name,
                        (node.level, node.module or "", alias.name),
                    )
        self._imports[file] = imported
        return bound

    def _resolve(self, file: ReviewedFile, parts: list[str]) -> Iterator[Key]:
        """Yield where a dotted name that is read in a file may be bound."""
        seen: set[tuple[ReviewedFile, str]] = set()
        waiting = [(file, parts)]
        while waiting:
            here, rest = waiting.pop()
            name = rest[0]
            if (here, name) in seen or len(seen) > 20:
                continue
            seen.add((here, name))
            if name in self._index(here):
                yield here, name
            imported = self._imports[here].get(name)
            module = here.module
            if imported is None or module is None:
                continue
            level, source, original = imported
            program = self.review.evaluator.program
            dotted = self.review.evaluator.absolute_name(module, level, source or None)
            names = [original] if original is not None else []
            names.extend(rest[1:])
            # `from package import module` and `import package.module` lead on.
            while names and program.is_project(f"{dotted}.{names[0]}"):
                dotted = f"{dotted}.{names.pop(0)}"
            found = program.find(dotted) if program.is_project(dotted) else None
            other = self.review.file_of(found) if found is not None else None
            if other is not None and names:
                waiting.append((other, names))


def _top_level(body: Iterable[ast.stmt]) -> Iterator[ast.stmt]:
    for statement in body:
        if isinstance(statement, _BLOCKS):
            if isinstance(statement, (ast.With, ast.AsyncWith, ast.For)):
                yield statement
            for block in ("body", "orelse", "finalbody"):
                yield from _top_level(getattr(statement, block, ()))
            for handler in getattr(statement, "handlers", ()):
                yield from _top_level(handler.body)
        else:
            yield statement


def _names_bound(statement: ast.stmt) -> set[str]:
    if isinstance(statement, (*FUNCTIONS, ast.ClassDef)):
        return {statement.name}
    if isinstance(statement, ast.Assign):
        return {name for target in statement.targets for name in target_names(target)}
    if isinstance(statement, (ast.AnnAssign, ast.AugAssign, ast.For)):
        return target_names(statement.target)
    if isinstance(statement, (ast.With, ast.AsyncWith)):
        return {
            name
            for item in statement.items
            if item.optional_vars is not None
            for name in target_names(item.optional_vars)
        }
    return set()


def _state_name(target: ast.expr) -> str | None:
    """Return `x` for the target `app.state.x`."""
    if (
        isinstance(target, ast.Attribute)
        and isinstance(target.value, ast.Attribute)
        and target.value.attr == "state"
    ):
        return target.attr
    return None


def _is_state(read: ast.expr) -> bool:
    """Whether an expression is `….state.x`."""
    return isinstance(read, ast.Attribute) and (
        isinstance(read.value, ast.Attribute) and read.value.attr == "state"
    )
