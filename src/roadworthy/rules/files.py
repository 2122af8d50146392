"""A file as rules read it: its tree, indexed once, and where each node stands in it."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar, cast

from roadworthy.rules.nodes import DEFINITIONS, Nodes
from roadworthy.syntax.source import SourceFile
from roadworthy.values.program import Module

FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef
ScopeNode = (
    ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | ast.ClassDef | ast.Module
)

_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)
CodeNode = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
_CODE = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)

N = TypeVar("N", bound=ast.AST)
T = TypeVar("T")


class ReviewedFile:
    """A file of the project; parsed and indexed when a rule first asks."""

    def __init__(
        self,
        path: Path,
        relative: str,
        read: Callable[[], SourceFile | None],
        module: Callable[[], Module | None],
    ) -> None:
        self.path = path
        self.relative = relative
        self._read = read
        self._module = module
        self._source: SourceFile | None = None
        self._is_read = False
        self._nodes: Nodes | None = None
        self._several: dict[tuple[type[ast.AST], ...], list[ast.AST]] = {}
        self._made: dict[Callable[[ReviewedFile], object], object] = {}
        self._scopes: dict[ast.AST, ScopeNode] = {}
        self._around: dict[ast.AST, tuple[CodeNode, ...]] = {}
        self._mentioned: dict[str, bool] = {}
        self._lines: dict[type[ast.AST], dict[int, list[ast.AST]]] = {}
        self._functions: dict[tuple[int, int], FunctionNode] = {}
        self._classes: dict[tuple[int, int], ast.ClassDef] = {}
        self._local_names: dict[ast.AST, frozenset[str]] = {}
        self.bindings: dict[ast.AST, dict[str, list[tuple[ast.AST, ast.expr]]]] = {}
        """What names are bound to in functions, kept by those who worked it out."""
        self._local_imports: dict[ast.AST, dict[str, tuple[int, str, str | None]]] = {}

    def __repr__(self) -> str:
        return f"<{self.relative}>"

    @property
    def source(self) -> SourceFile | None:
        """Text and tree; None where the file cannot be read."""
        if not self._is_read:
            self._is_read = True
            self._source = self._read()
        return self._source

    @property
    def tree(self) -> ast.Module:
        """The syntax tree; an empty one where the file cannot be read."""
        source = self.source
        return source.tree if source is not None else ast.Module([], [])

    @property
    def module(self) -> Module | None:
        """The evaluator's module, if the file was or can be evaluated."""
        return self._module()

    @property
    def lines(self) -> list[str]:
        """The lines of the file, without their ends."""
        return self.source.lines if self.source is not None else []

    def mentions(self, *words: str) -> bool:
        """Whether the text holds any of the words: a first filter that costs little."""
        known = self._mentioned
        for word in words:
            found = known.get(word)
            if found is None:
                text = self.source.text if self.source is not None else ""
                found = known[word] = word in text
            if found:
                return True
        return False

    # -- the index -------------------------------------------------------------------

    def nodes(self, *kinds: type[N]) -> list[N]:
        """Return the nodes of exactly these types, in the order of the source."""
        index = self._index().kinds
        if len(kinds) == 1:
            return index.get(kinds[0], [])  # type: ignore[return-value]
        found = self._several.get(kinds)
        if found is None:
            found = [node for kind in kinds for node in index.get(kind, ())]
            found.sort(key=lambda n: (n.lineno, n.col_offset))  # type: ignore[attr-defined]
            self._several[kinds] = found
        return found  # type: ignore[return-value]

    def named(self, name: str) -> list[ast.Name | ast.Attribute]:
        """Return where a name is written, by itself or after a dot."""
        return self.once(_by_name).get(name, [])

    def once(self, make: Callable[[ReviewedFile], T]) -> T:
        """Return what a function makes of this file; it is called once."""
        if make not in self._made:
            self._made[make] = make(self)
        return cast("T", self._made[make])

    def nodes_on(self, line: int, kind: type[N]) -> list[N]:
        """Return the nodes of exactly this type that begin on a line."""
        lines = self._lines.get(kind)
        if lines is None:
            lines = self._lines[kind] = {}
            for node in self.nodes(kind):
                lines.setdefault(getattr(node, "lineno", 0), []).append(node)
        return lines.get(line, [])  # type: ignore[return-value]

    def functions(self) -> list[FunctionNode]:
        """Return the function definitions, nested ones too, in the order of the source."""
        return self.nodes(ast.FunctionDef, ast.AsyncFunctionDef)

    def parent(self, node: ast.AST) -> ast.AST | None:
        """Return the node that holds a node."""
        self._index()
        row = node.__dict__.get("row")
        return row.parent(node) if isinstance(row, Nodes) else None

    def ancestors(self, node: ast.AST) -> Iterator[ast.AST]:
        """Yield the nodes around a node, the innermost first."""
        self._index()
        row = node.__dict__.get("row")
        if not isinstance(row, Nodes):
            return
        order, parents = row.order, row.parents
        number = parents[node.__dict__["number"]]
        while number >= 0:
            yield order[number]
            number = parents[number]

    def scope(self, node: ast.AST) -> ScopeNode:
        """Return the function, lambda, class or module in whose scope a node is run.

        Decorators, defaults and annotations of a function, and the bases of a class,
        belong to the scope around it.
        """
        known = self._scopes.get(node)
        if known is None:
            known = self._scopes[node] = self._scope(node)
        return known

    def _scope(self, node: ast.AST) -> ScopeNode:
        child: ast.AST = node
        for parent in self.ancestors(node):
            if isinstance(parent, _SCOPES) and _is_inside(parent, child):
                return parent
            child = parent
        return self.tree

    def function_of(self, node: ast.AST) -> FunctionNode | None:
        """Return the function definition around a node; lambdas and classes between
        the two are looked through."""
        child: ast.AST = node
        for parent in self.ancestors(node):
            if isinstance(
                parent, (ast.FunctionDef, ast.AsyncFunctionDef)
            ) and _is_inside(parent, child):
                return parent
            child = parent
        return None

    def functions_around(self, node: ast.AST) -> tuple[CodeNode, ...]:
        """Return the functions and lambdas that hold a node, the innermost first.

        What stands in a decorator, a default or an annotation counts as held.
        """
        known = self._around.get(node)
        if known is None:
            for parent in self.ancestors(node):
                if isinstance(parent, _CODE):
                    known = (parent, *self.functions_around(parent))
                    break
            self._around[node] = known = known or ()
        return known

    def statement_of(self, node: ast.AST) -> ast.stmt:
        """Return the statement that a node is part of."""
        if isinstance(node, ast.stmt):
            return node
        for parent in self.ancestors(node):
            if isinstance(parent, ast.stmt):
                return parent
        raise ValueError("a module is part of no statement")

    def local_names(self, function: ast.AST) -> frozenset[str]:
        """Return the names that a function or lambda binds anywhere in its body.

        Those of comprehensions and lambdas in it are included, those of nested
        functions are not, and neither are names declared `global`.
        """
        known = self._local_names.get(function)
        if known is None:
            known = self._local_names[function] = _bound_names(function)
        return known

    def local_import(
        self, function: ast.AST, name: str
    ) -> tuple[int, str, str | None] | None:
        """Return what a function imports under a name that it binds in no other way.

        It is the level, the module and the imported name (None for `import module`).
        """
        known = self._local_imports.get(function)
        if known is None:
            known = self._local_imports[function] = _imported_names(function)
        return known.get(name)

    def function_at(self, line: int, column: int) -> FunctionNode | None:
        """Return the function whose `def` begins at a line and byte column (from 0)."""
        self._index()
        return self._functions.get((line, column))

    def class_at(self, line: int, column: int) -> ast.ClassDef | None:
        """Return the class whose `class` begins at a line and byte column (from 0)."""
        self._index()
        return self._classes.get((line, column))

    def text(self, node: ast.AST) -> str:
        """Return the source of a node, on one line."""
        line: int | None = getattr(node, "lineno", None)
        end: int | None = getattr(node, "end_lineno", None)
        if self.source is None or line is None or end is None or end > len(self.lines):
            return ""
        start = self.source.column(line, getattr(node, "col_offset", 0))
        stop = self.source.column(end, getattr(node, "end_col_offset", None) or 0)
        if line == end:
            return self.lines[line - 1][start:stop]
        parts = [self.lines[line - 1][start:]]
        parts.extend(self.lines[line : end - 1])
        parts.append(self.lines[end - 1][:stop])
        return " ".join(part.strip() for part in parts)

    def _index(self) -> Nodes:
        nodes = self._nodes
        if nodes is not None:
            return nodes
        nodes = self._nodes = Nodes(self.tree)
        for kind in (ast.FunctionDef, ast.AsyncFunctionDef):
            for node in nodes.kinds.get(kind, ()):
                assert isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
                self._functions[node.lineno, node.col_offset] = node
        for node in nodes.kinds.get(ast.ClassDef, ()):
            assert isinstance(node, ast.ClassDef)
            self._classes[node.lineno, node.col_offset] = node
        return nodes


def _by_name(file: ReviewedFile) -> dict[str, list[ast.Name | ast.Attribute]]:
    found: dict[str, list[ast.Name | ast.Attribute]] = {}
    for node in file.nodes(ast.Name, ast.Attribute):
        if isinstance(node, ast.Name):
            found.setdefault(node.id, []).append(node)
        elif isinstance(node, ast.Attribute):
            found.setdefault(node.attr, []).append(node)
    return found


def _is_inside(scope: ast.AST, child: ast.AST) -> bool:
    """Whether a direct child of a function or class is run in its scope."""
    if isinstance(scope, ast.Lambda):
        return child is scope.body
    body = getattr(scope, "body", ())
    return any(child is statement for statement in body)


def own_nodes(function: ast.AST) -> Iterator[ast.AST]:
    """Return the nodes of a function's body; those of functions and classes in it not.

    Lambdas and comprehensions count as part of the body; nested definitions are
    yielded themselves, without what is in them.
    """
    known: list[ast.AST] | None = getattr(function, "own_nodes", None)
    if known is None:
        known = list(_find_own_nodes(function))
        # Kept with the node: many rules walk the same functions.
        function.own_nodes = known  # type: ignore[attr-defined]
    return iter(known)


def _find_own_nodes(function: ast.AST) -> Iterator[ast.AST]:
    body = getattr(function, "body", [])
    statements = body if isinstance(body, list) else [body]
    row = function.__dict__.get("row")
    if isinstance(row, Nodes):
        for statement in statements:
            yield from row.outside_definitions(statement)
        return
    waiting: list[ast.AST] = statements[::-1]
    while waiting:
        node = waiting.pop()
        yield node
        if isinstance(node, DEFINITIONS):
            waiting.extend(reversed(node.decorator_list))
            continue
        waiting.extend(reversed(list(ast.iter_child_nodes(node))))


def _bound_names(function: ast.AST) -> frozenset[str]:
    bound: set[str] = set()
    outer: set[str] = set()
    arguments = getattr(function, "args", None)
    if isinstance(arguments, ast.arguments):
        bound.update(_argument_names(arguments))
    for node in own_nodes(function):
        if isinstance(node, ast.Name):
            if not isinstance(node.ctx, ast.Load):
                bound.add(node.id)
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            bound.add(node.name)
        elif isinstance(node, ast.Lambda):
            bound.update(_argument_names(node.args))
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            for alias in node.names:
                bound.add(alias.asname or alias.name.partition(".")[0])
        elif isinstance(node, ast.Global):
            outer.update(node.names)
        elif isinstance(node, (ast.ExceptHandler, ast.MatchAs, ast.MatchStar)):
            if node.name:
                bound.add(node.name)
        elif isinstance(node, ast.MatchMapping) and node.rest:
            bound.add(node.rest)
    return frozenset(bound - outer)


def _argument_names(arguments: ast.arguments) -> Iterator[str]:
    for argument in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs):
        yield argument.arg
    for rest in (arguments.vararg, arguments.kwarg):
        if rest is not None:
            yield rest.arg


def _imported_names(function: ast.AST) -> dict[str, tuple[int, str, str | None]]:
    found: dict[str, tuple[int, str, str | None]] = {}
    twice: set[str] = set()
    for node in own_nodes(function):
        if isinstance(node, ast.Import):
            for alias in node.names:
                name = alias.asname or alias.name.partition(".")[0]
                module = alias.name if alias.asname else name
                if found.setdefault(name, (0, module, None)) != (0, module, None):
                    twice.add(name)
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                name = alias.asname or alias.name
                entry = (node.level, node.module or "", alias.name)
                if found.setdefault(name, entry) != entry:
                    twice.add(name)
        elif isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            twice.add(node.id)
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            twice.add(node.name)
    arguments = getattr(function, "args", None)
    if isinstance(arguments, ast.arguments):
        twice.update(_argument_names(arguments))
    return {name: entry for name, entry in found.items() if name not in twice}
