"""Where the tests set and clear `dependency_overrides`."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from roadworthy.rules import kinds
from roadworthy.rules.files import FunctionNode, ReviewedFile
from roadworthy.rules.nodes import walk
from roadworthy.rules.testing.suite import Suite
from roadworthy.rules.testing.texts import argument_names
from roadworthy.rules.trees import keyword, last_name
from roadworthy.values.atoms import Atom, Function, Wrapped
from roadworthy.values.program import FunctionInfo

_NAME = "dependency_overrides"


@dataclass(frozen=True, slots=True, eq=False)
class Override:
    """A statement that puts something in the place of a dependency."""

    file: ReviewedFile
    at: ast.AST
    keys: tuple[ast.expr, ...]
    application: ast.expr
    function: FunctionNode | None


def overrides(suite: Suite) -> Iterator[Override]:
    """Yield every place in the tests where an override is set."""
    for file in suite.review.test_files:
        if not file.mentions(_NAME):
            continue
        for node in file.nodes(ast.Assign, ast.AugAssign, ast.Call):
            for keys, table in _set(node):
                yield Override(file, node, keys, table.value, file.function_of(node))


def _set(node: ast.AST) -> Iterator[tuple[tuple[ast.expr, ...], ast.Attribute]]:
    if isinstance(node, ast.Assign):
        for target in node.targets:
            if isinstance(target, ast.Subscript) and _is_table(target.value):
                assert isinstance(target.value, ast.Attribute)
                yield (target.slice,), target.value
            elif _is_table(target) and isinstance(node.value, ast.Dict):
                if node.value.keys:
                    assert isinstance(target, ast.Attribute)
                    yield tuple(k for k in node.value.keys if k is not None), target
    elif isinstance(node, ast.AugAssign):
        if _is_table(node.target):
            assert isinstance(node.target, ast.Attribute)
            keys = node.value.keys if isinstance(node.value, ast.Dict) else ()
            yield tuple(k for k in keys if k is not None), node.target
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        table = node.func.value
        if node.func.attr in ("update", "setdefault") and _is_table(table):
            assert isinstance(table, ast.Attribute)
            given = node.args[0] if node.args else None
            if isinstance(given, ast.Dict):
                yield tuple(k for k in given.keys if k is not None), table
            elif given is not None:
                yield (given,), table


def patched_keys(suite: Suite) -> Iterator[tuple[ReviewedFile, ast.expr]]:
    """Yield keys that `monkeypatch.setitem(app.dependency_overrides, key, …)` sets."""
    for file in suite.review.test_files:
        if not file.mentions(_NAME):
            continue
        for call in file.nodes(ast.Call):
            if call.args and _is_table(call.args[0]):
                if last_name(call.func) == "setitem" and len(call.args) > 1:
                    yield file, call.args[1]
                elif len(call.args) > 1 and isinstance(call.args[1], ast.Dict):
                    for key in call.args[1].keys:
                        if key is not None:
                            yield file, key


def _is_table(node: ast.AST) -> bool:
    return isinstance(node, ast.Attribute) and node.attr == _NAME


def clears(function: ast.AST) -> bool:
    """Whether a function takes overrides away again."""
    for node in walk(function):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            if node.func.attr in ("clear", "pop", "popitem") and _is_table(
                node.func.value
            ):
                return True
        elif isinstance(node, ast.Assign):
            if any(_is_table(t) for t in node.targets) and not (
                isinstance(node.value, ast.Dict) and node.value.keys
            ):
                return True
        elif isinstance(node, ast.Delete):
            if any(
                isinstance(t, ast.Subscript) and _is_table(t.value)
                for t in node.targets
            ):
                return True
    return False


def overridden(suite: Suite) -> set[FunctionInfo] | None:
    """Return the dependencies that some test replaces; None if that cannot be told."""
    found: set[FunctionInfo] = set()
    keys = [(o.file, key) for o in overrides(suite) for key in o.keys]
    keys.extend(patched_keys(suite))
    for file, key in keys:
        functions = list(_functions(suite, file, key, 0))
        if not functions:
            return None
        found.update(functions)
    return found


def _functions(
    suite: Suite, file: ReviewedFile, key: ast.expr, depth: int
) -> Iterator[FunctionInfo]:
    for atom in kinds.known(suite.review.static(file, key) or ()):
        yield from _of_atom(atom)
    if isinstance(key, ast.Name) and depth < 4:
        function = file.function_of(key)
        if function is not None:
            for where, given in suite.sources.bound_to(file, key):
                yield from _functions(suite, where, given, depth + 1)


def _of_atom(atom: Atom) -> Iterator[FunctionInfo]:
    if isinstance(atom, Function):
        yield atom.function
    elif isinstance(atom, Wrapped):
        for part in atom.value:
            yield from _of_atom(part)


def has_own_application(suite: Suite, override: Override) -> bool:
    """Whether the application that is changed lives no longer than the function."""
    root = override.application
    function = override.function
    if not isinstance(root, ast.Name) or function is None:
        return False
    if root.id in argument_names(function):
        fixtures = suite.sources.fixtures_for(override.file, root.id)
        return bool(fixtures) and all(
            fixture_scope(fixture) == "function" and _makes(fixture)
            for _, fixture in fixtures
        )
    return root.id in override.file.local_names(function) and _binds_a_call(
        function, root.id
    )


def _binds_a_call(function: FunctionNode, name: str) -> bool:
    return any(
        isinstance(node, ast.Assign)
        and isinstance(node.value, ast.Call)
        and any(isinstance(t, ast.Name) and t.id == name for t in node.targets)
        for node in walk(function)
    )


def _makes(fixture: FunctionNode) -> bool:
    """Whether a fixture gives what it makes itself, and not something imported."""
    for node in walk(fixture):
        if isinstance(node, (ast.Return, ast.Yield)) and node.value is not None:
            value = node.value
            if isinstance(value, ast.Call):
                return True
            if isinstance(value, ast.Name):
                return _binds_a_call(fixture, value.id)
    return False


def fixture_scope(function: FunctionNode) -> str:
    """Return the scope of a fixture: `function` unless it says another."""
    for decorator in function.decorator_list:
        if isinstance(decorator, ast.Call) and last_name(decorator.func) == "fixture":
            scope = keyword(decorator, "scope")
            if scope is None:
                return "function"
            if isinstance(scope, ast.Constant):
                return str(scope.value)
            return "unknown"
    return "function"
