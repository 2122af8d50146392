"""Which module of the project imports which, and which imports go round in a circle."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from roadworthy.rules.files import ReviewedFile

if TYPE_CHECKING:
    from roadworthy.rules.review import Review


@dataclass(frozen=True, slots=True, eq=False)
class Import:
    """One module's import of another module of the project."""

    source: ReviewedFile
    target: ReviewedFile
    node: ast.stmt
    is_lazy: bool
    """Whether it stands in a function."""


def imports_of(review: Review, file: ReviewedFile) -> Iterator[Import]:
    """Yield what a file imports of the project when it runs; type-checking only not."""
    module = file.module
    if module is None:
        return
    program = review.evaluator.program
    for node in file.nodes(ast.Import, ast.ImportFrom):
        if not isinstance(node, (ast.Import, ast.ImportFrom)):
            continue
        if _is_for_types(file, node):
            continue
        names: set[str] = set()
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        else:
            source = review.evaluator.absolute_name(module, node.level, node.module)
            for alias in node.names:
                below = f"{source}.{alias.name}"
                names.add(below if program.is_project(below) else source)
        lazy = file.function_of(node) is not None
        seen: set[ReviewedFile] = set()
        for name in sorted(names):
            found = program.find(name) if program.is_project(name) else None
            target = review.file_of(found) if found is not None else None
            if target is not None and target is not file and target not in seen:
                seen.add(target)
                yield Import(file, target, node, lazy)


def _is_for_types(file: ReviewedFile, node: ast.stmt) -> bool:
    child: ast.AST = node
    for parent in file.ancestors(node):
        if isinstance(parent, ast.If) and child in parent.body:
            name = getattr(parent.test, "attr", getattr(parent.test, "id", ""))
            if name == "TYPE_CHECKING":
                return True
        child = parent
    return False


def cycles(edges: Iterable[Import]) -> dict[ReviewedFile, int]:
    """Return a number for each file on an import cycle; equal for the same knot."""
    below: dict[ReviewedFile, list[ReviewedFile]] = {}
    for edge in edges:
        below.setdefault(edge.source, []).append(edge.target)
        below.setdefault(edge.target, [])
    # Kosaraju: what is finished last is followed first, against the imports.
    above: dict[ReviewedFile, list[ReviewedFile]] = {file: [] for file in below}
    for file, targets in below.items():
        for target in targets:
            above[target].append(file)
    seen: set[ReviewedFile] = set()
    finished: list[ReviewedFile] = []
    for file in below:
        finished.extend(_finished(below, file, seen))
    found: dict[ReviewedFile, int] = {}
    seen = set()
    for number, file in enumerate(reversed(finished)):
        knot = list(_finished(above, file, seen))
        if len(knot) > 1:
            found.update(dict.fromkeys(knot, number))
    return found


def _finished(
    graph: dict[ReviewedFile, list[ReviewedFile]],
    start: ReviewedFile,
    seen: set[ReviewedFile],
) -> Iterator[ReviewedFile]:
    """Yield what is new from a start on, each after all that lies behind it."""
    if start in seen:
        return
    seen.add(start)
    work = [(start, iter(graph[start]))]
    while work:
        file, rest = work[-1]
        following = next((other for other in rest if other not in seen), None)
        if following is None:
            work.pop()
            yield file
        else:
            seen.add(following)
            work.append((following, iter(graph[following])))


def is_package_of(file: ReviewedFile, other: ReviewedFile) -> bool:
    """Whether a file is the `__init__.py` of a package that another file is in."""
    folder, _, name = file.relative.rpartition("/")
    return name == "__init__.py" and other.relative.startswith(f"{folder}/")
