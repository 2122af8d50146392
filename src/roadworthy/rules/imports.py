"""Which modules of the project an application reaches by imports, at any depth."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from roadworthy.syntax import code as c
from roadworthy.syntax.code import Code, Node
from roadworthy.values.program import Module

if TYPE_CHECKING:
    from roadworthy.values.evaluator import Evaluator


def reached(ev: Evaluator, starts: Iterable[Module]) -> dict[Path, Module]:
    """Return the project's modules at or below the starts; imports in functions count.

    Only modules that the run has read are followed.
    """
    known = {m.name: m for m in ev.program.modules() if not m.is_library}
    found: dict[Path, Module] = {}
    waiting = list(starts)
    packages = set(ev.dynamic_imports)
    while waiting:
        module = waiting.pop()
        if module.path in found or module.is_library:
            continue
        found[module.path] = module
        for name in _with_packages(_imported(ev, module)):
            other = known.get(name) or _aliased(ev, name)
            if other is not None and other.path not in found:
                waiting.append(other)
        for package in tuple(packages):
            if module.name == package or module.name.startswith(f"{package}."):
                packages.discard(package)  # its modules are added once
                waiting.extend(
                    m for name, m in known.items() if name.startswith(f"{package}.")
                )
    return found


def _aliased(ev: Evaluator, name: str) -> Module | None:
    if not ev.program.is_project(name):
        return None
    module = ev.program.find(name)
    return module if module is not None and module.state != "unloaded" else None


def _with_packages(names: Iterable[str]) -> Iterator[str]:
    for name in names:
        while name:
            yield name
            name = name.rpartition(".")[0]


def _imported(ev: Evaluator, module: Module) -> set[str]:
    names: set[str] = set()
    if module.code is not None:
        for node in statements(module.code.body):
            if node[0] == c.IMPORT:
                names.update(name for name, _ in node[1])
            elif node[0] == c.IMPORT_FROM:
                source = ev.absolute_name(module, node[1], node[2])
                names.add(source)
                names.update(f"{source}.{name}" for name, _ in node[3])
    return names


def statements(body: Iterable[Node]) -> Iterator[Node]:
    """Yield every statement of a lowered body, those in functions and classes too."""
    for node in body:
        yield node
        kind = node[0]
        if kind == c.DEF:
            yield from statements(Code(*node[1]).body)
        elif kind == c.CLASS:
            yield from statements(Code(*node[5]).body)
        elif kind == c.IF or kind == c.WHILE:
            yield from statements(node[2])
            yield from statements(node[3])
        elif kind == c.FOR:
            yield from statements(node[3])
            yield from statements(node[4])
        elif kind == c.WITH:
            yield from statements(node[2])
        elif kind == c.TRY:
            yield from statements(node[1])
            for handler in node[2]:
                yield from statements(handler[2])
            yield from statements(node[3])
            yield from statements(node[4])
        elif kind == c.MATCH:
            for case in node[2]:
                yield from statements(case[-1])
