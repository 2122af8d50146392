"""A syntax tree laid out in a row: what is below a node is a slice, not a search."""

from __future__ import annotations

import ast
from bisect import bisect_left
from typing import Any, TypeVar, overload

_WITHOUT_NODES = frozenset(
    {
        *("id", "attr", "arg", "kind", "level", "module", "asname", "type_comment"),
        *("is_async", "conversion", "simple", "rest", "kwd_attrs", "type_ignores"),
        # One object each in CPython, wherever they are written: they have no place.
        *("ctx", "op", "ops"),
    }
)
"""Fields that hold no nodes, or none with a place."""

DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)

N = TypeVar("N", bound=ast.AST)


class Nodes:
    """The nodes of a tree in the order of the source, each before what it holds.

    Each node is told its place (`number`) and its row (`row`), so that whoever has the
    node alone finds what is below it.
    """

    __slots__ = ("_numbers", "definitions", "ends", "kinds", "order", "parents")

    def __init__(self, tree: ast.AST) -> None:
        self.order: list[ast.AST] = []
        self.parents: list[int] = []
        """By number, the number of the node that holds it; -1 for the tree itself."""
        self.kinds: dict[type[ast.AST], list[ast.AST]] = {}
        self._numbers: dict[type[ast.AST], list[int]] = {}
        self._lay(tree)
        ends = [1] * len(self.order)
        parents = self.parents
        for number in range(len(ends) - 1, 0, -1):
            ends[parents[number]] += ends[number]
        self.ends = [number + size for number, size in enumerate(ends)]
        """By number, the number after the last node below it."""
        found = [self._numbers.get(kind, []) for kind in DEFINITIONS]
        self.definitions = sorted(number for numbers in found for number in numbers)

    def _lay(self, tree: ast.AST) -> None:
        order, parents = self.order, self.parents
        kinds, numbers = self.kinds, self._numbers
        holding: dict[type[ast.AST], tuple[str, ...]] = {}
        waiting: list[tuple[ast.AST, int]] = [(tree, -1)]
        while waiting:
            node, parent = waiting.pop()
            number = len(order)
            order.append(node)
            parents.append(parent)
            known = node.__dict__
            known["row"], known["number"] = self, number
            kind = type(node)
            fields = holding.get(kind)
            if fields is None:
                fields = holding[kind] = _holding(kind)
            # From the last to the first: the first is to be taken up first.
            for name in fields:
                value = known.get(name)
                if isinstance(value, list):
                    waiting += [
                        (item, number)
                        for item in reversed(value)
                        if isinstance(item, ast.AST)
                    ]
                elif isinstance(value, ast.AST):
                    waiting.append((value, number))
            same = kinds.get(kind)
            if same is None:
                kinds[kind], numbers[kind] = [node], [number]
            else:
                same.append(node)
                numbers[kind].append(number)

    def parent(self, node: ast.AST) -> ast.AST | None:
        """Return the node that holds a node; None for the tree itself."""
        parent = self.parents[node.__dict__["number"]]
        return self.order[parent] if parent >= 0 else None

    def below(self, node: ast.AST) -> list[ast.AST]:
        """Return a node and all that is below it."""
        number: int = node.__dict__["number"]
        return self.order[number : self.ends[number]]

    def below_of(self, node: ast.AST, kind: type[N]) -> list[N]:
        """Return the nodes of exactly one type among a node and all that is below it."""
        numbers = self._numbers.get(kind)
        if numbers is None:
            return []
        number: int = node.__dict__["number"]
        first = bisect_left(numbers, number)
        last = bisect_left(numbers, self.ends[number], first)
        return self.kinds[kind][first:last]  # type: ignore[return-value]

    def outside_definitions(self, node: ast.AST) -> list[ast.AST]:
        """Return what `below` does but for what functions and classes in it hold.

        These themselves are there, and their decorators. Of a node that is such a
        definition itself, it is that and no more than its decorators.
        """
        start: int = node.__dict__["number"]
        end = self.ends[start]
        definitions = self.definitions
        at = bisect_left(definitions, start)
        found: list[ast.AST] = []
        while at < len(definitions) and definitions[at] < end:
            inner = definitions[at]
            found += self.order[start : inner + 1]
            definition = self.order[inner]
            assert isinstance(definition, DEFINITIONS)
            for decorator in definition.decorator_list:
                found += self.below(decorator)
            start = self.ends[inner]
            at = bisect_left(definitions, start, at)
        found += self.order[start:end]
        return found


def _holding(kind: type[ast.AST]) -> tuple[str, ...]:
    """Return the fields of a type in which nodes may be, the last first."""
    if kind is ast.Constant:
        return ()
    return tuple(name for name in kind._fields[::-1] if name not in _WITHOUT_NODES)


@overload
def walk(node: ast.AST) -> list[ast.AST]: ...


@overload
def walk(node: ast.AST, kind: type[N]) -> list[N]: ...


def walk(node: ast.AST, kind: type[ast.AST] | None = None) -> list[Any]:
    """Return a node and all that is below it, in the order of the source.

    With a kind, only the nodes of exactly that type. Nodes without a place (`ast.Load`,
    `ast.Add`) may be left out. A tree that no rule has read is searched.
    """
    row = node.__dict__.get("row")
    if isinstance(row, Nodes):
        return row.below(node) if kind is None else row.below_of(node, kind)
    return [part for part in ast.walk(node) if kind is None or type(part) is kind]
