"""What texts an expression of a test may stand for: paths and methods of requests.

A text is a string in which `ANYTHING` stands for what cannot be told. Names are followed
to constants, loops, `parametrize`, fixtures, and the calls of helper functions.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Mapping

from roadworthy.rules import kinds
from roadworthy.rules.files import FunctionNode, ReviewedFile, own_nodes
from roadworthy.rules.nodes import walk
from roadworthy.rules.review import Review
from roadworthy.rules.trees import keyword, last_name, names_in, results
from roadworthy.values.atoms import Const

ANYTHING = "\0"
_MOST = 200
_DEEPEST = 30
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_PLACEHOLDER = re.compile(r"\{[^{}]*\}")
_PERCENT = re.compile(r"%(?:\(\w+\))?[sdr]")
_KEEPS = frozenset(
    {"str", "URL", "strip", "rstrip", "lstrip", "lower", "quote", "Path"}
)
_ROUTE_BY_NAME = frozenset({"url_path_for", "url_for", "reverse"})

Texts = tuple[str, ...]
Where = tuple[ReviewedFile, ast.expr]


def is_fixture(node: FunctionNode) -> bool:
    """Whether a function is a pytest fixture."""
    return fixture_call(node) is not None


def fixture_call(node: FunctionNode) -> ast.expr | None:
    """Return the decorator that makes a function a fixture."""
    for decorator in node.decorator_list:
        plain = decorator.func if isinstance(decorator, ast.Call) else decorator
        if last_name(plain) == "fixture":
            return decorator
    return None


def argument_names(node: FunctionNode) -> list[str]:
    """Return the names of the parameters that can be passed by position or name."""
    arguments = node.args
    return [
        a.arg for a in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)
    ]


class Sources:
    """Where the names of the tests come from."""

    def __init__(self, review: Review) -> None:
        self.review = review
        self.functions: dict[str, list[tuple[ReviewedFile, FunctionNode]]] = {}
        self.fixtures: dict[str, list[tuple[ReviewedFile, FunctionNode]]] = {}
        self._calls: dict[str, list[tuple[ReviewedFile, ast.Call]]] = {}
        self._binding: dict[ast.AST, dict[str, list[ast.AST]]] = {}
        self._known: dict[tuple[ast.AST, str], tuple[Where, ...]] = {}
        self._given: dict[tuple[FunctionNode, str], tuple[Where, ...]] = {}
        for file in review.test_files:
            for node in file.nodes(ast.FunctionDef, ast.AsyncFunctionDef):
                assert isinstance(node, _FUNCTIONS)
                self.functions.setdefault(node.name, []).append((file, node))
                made = fixture_call(node)
                if made is not None:
                    name = node.name
                    given = (
                        keyword(made, "name") if isinstance(made, ast.Call) else None
                    )
                    if isinstance(given, ast.Constant) and isinstance(given.value, str):
                        name = given.value
                    self.fixtures.setdefault(name, []).append((file, node))
            for call in file.nodes(ast.Call):
                self._calls.setdefault(last_name(call.func), []).append((file, call))

    def fixtures_for(
        self, file: ReviewedFile, name: str
    ) -> list[tuple[ReviewedFile, FunctionNode]]:
        """Return the fixtures of a name that a file sees, the nearest alone."""
        found = self.fixtures.get(name, [])
        here = [entry for entry in found if entry[0] is file]
        if here:
            return here
        folder = file.relative.rpartition("/")[0]
        while True:
            place = f"{folder}/conftest.py" if folder else "conftest.py"
            near = [entry for entry in found if entry[0].relative == place]
            if near:
                return near
            if not folder:
                return found
            folder = folder.rpartition("/")[0]

    def bound_to(self, file: ReviewedFile, name: ast.Name) -> Iterator[Where]:
        """Yield the expressions that a name may stand for; nothing where none is known.

        What a loop goes over is yielded element by element where it is a literal.
        """
        scope: ast.AST = file.scope(name)
        while True:
            if isinstance(scope, _FUNCTIONS):
                found = self._bound(file, scope, name.id)
                if found:
                    yield from found
                    return
                if name.id in argument_names(scope):
                    yield from self.parameter(file, scope, name.id)
                    return
            if isinstance(scope, ast.Module):
                break
            scope = file.scope(scope)
        yield from self._bound(file, file.tree, name.id)

    def _bound(
        self, file: ReviewedFile, scope: FunctionNode | ast.Module, name: str
    ) -> tuple[Where, ...]:
        """Return what a name is bound to in a function or module.

        A name that is bound by means of itself (`for row in row:`) stands for nothing.
        """
        known = self._known.get((scope, name))
        if known is None:
            self._known[scope, name] = ()
            known = self._known[scope, name] = tuple(
                where
                for node in self._binding_nodes(scope).get(name, ())
                for where in self._bindings(file, node, name)
            )
        return known

    def _binding_nodes(
        self, scope: FunctionNode | ast.Module
    ) -> dict[str, list[ast.AST]]:
        """Return what binds each name of a function or module, in order."""
        known = self._binding.get(scope)
        if known is None:
            known = self._binding[scope] = {}
            nodes = _module_nodes(scope) if isinstance(scope, ast.Module) else None
            for node in nodes if nodes is not None else own_nodes(scope):
                for name in _names_bound(node):
                    known.setdefault(name, []).append(node)
        return known

    def _bindings(
        self, file: ReviewedFile, node: ast.AST, name: str
    ) -> Iterator[Where]:
        if isinstance(node, ast.Assign):
            for target in node.targets:
                yield from _taken_apart(file, target, node.value, name)
        elif isinstance(node, (ast.AnnAssign, ast.NamedExpr)):
            if node.value is not None:
                yield from _taken_apart(file, node.target, node.value, name)
        elif isinstance(node, (ast.For, ast.AsyncFor, ast.comprehension)):
            if name in {n.id for n in walk(node.target, ast.Name)}:
                for where, element in self.elements(file, node.iter):
                    yield from _taken_apart(where, node.target, element, name)
        elif isinstance(node, (ast.With, ast.AsyncWith)):
            for item in node.items:
                held = item.optional_vars
                if isinstance(held, ast.Name) and held.id == name:
                    yield file, item.context_expr

    def elements(
        self, file: ReviewedFile, over: ast.expr, depth: int = 0
    ) -> Iterator[Where]:
        """Yield the elements of a literal, or of a name that holds one."""
        if isinstance(over, (ast.List, ast.Tuple, ast.Set)):
            for element in over.elts:
                if isinstance(element, ast.Starred):
                    yield from self.elements(file, element.value, depth + 1)
                elif (
                    isinstance(element, ast.Call) and last_name(element.func) == "param"
                ):
                    if len(element.args) == 1:
                        yield file, element.args[0]
                    else:
                        made = ast.Tuple(element.args, ast.Load())
                        yield file, ast.copy_location(made, element)
                else:
                    yield file, element
        elif isinstance(over, ast.Dict):
            for key in over.keys:
                if key is not None:
                    yield file, key
        elif isinstance(over, ast.Call) and depth < _DEEPEST:
            name = last_name(over.func)
            if name in ("items", "keys") and isinstance(over.func, ast.Attribute):
                for where, held in self._held(file, over.func.value):
                    if isinstance(held, ast.Dict):
                        for key, value in zip(held.keys, held.values, strict=True):
                            if key is None:
                                continue
                            made = ast.Tuple([key, value], ast.Load())
                            ast.copy_location(made, key)
                            yield where, made if name == "items" else key
            elif name in ("list", "tuple", "set", "sorted") and over.args:
                yield from self.elements(file, over.args[0], depth + 1)
            elif name == "product":
                pools = [list(self.elements(file, a, depth + 1)) for a in over.args]
                combined: list[tuple[ast.expr, ...]] = [()]
                for pool in pools:
                    combined = [(*c, e) for c in combined for _, e in pool][:_MOST]
                for parts in combined:
                    made = ast.Tuple(list(parts), ast.Load())
                    yield file, ast.copy_location(made, over)
        elif isinstance(over, ast.Name) and depth < _DEEPEST:
            for where, held in self._held(file, over):
                yield from self.elements(where, held, depth + 1)
        elif isinstance(over, ast.BinOp) and isinstance(over.op, ast.Add):
            yield from self.elements(file, over.left, depth + 1)
            yield from self.elements(file, over.right, depth + 1)

    def _held(self, file: ReviewedFile, node: ast.expr) -> Iterator[Where]:
        if isinstance(node, (ast.Dict, ast.List, ast.Tuple, ast.Set)):
            yield file, node
        elif isinstance(node, ast.Name):
            found = list(self.bound_to(file, node))
            yield from found
            if not found:
                for other in self._imported_from(file, node.id):
                    yield from self._bound(other, other.tree, node.id)

    def _imported_from(self, file: ReviewedFile, name: str) -> Iterator[ReviewedFile]:
        module = file.module
        for statement in file.nodes(ast.ImportFrom):
            if module is None or not any(a.name == name for a in statement.names):
                continue
            dotted = self.review.evaluator.absolute_name(
                module, statement.level, statement.module
            )
            program = self.review.evaluator.program
            found = program.find(dotted) if program.is_project(dotted) else None
            other = self.review.file_of(found) if found is not None else None
            if other is not None:
                yield other

    def parameter(
        self, file: ReviewedFile, function: FunctionNode, name: str
    ) -> tuple[Where, ...]:
        """Return what a parameter is given: by `parametrize`, a fixture or the callers."""
        known = self._given.get((function, name))
        if known is None:
            self._given[function, name] = ()
            known = self._given[function, name] = tuple(
                self._parameter(file, function, name)
            )
        return known

    def _parameter(
        self, file: ReviewedFile, function: FunctionNode, name: str
    ) -> Iterator[Where]:
        found = False
        for one in self._parametrized(file, function, name):
            found = True
            yield one
        if found:
            return
        if function.name.startswith("test") or is_fixture(function):
            for other, fixture in self.fixtures_for(file, name):
                for value in results(fixture):
                    yield other, value
            return
        arguments = function.args
        position = argument_names(function).index(name)
        names = argument_names(function)
        method = bool(names) and names[0] in ("self", "cls")
        for where, call in self._calls.get(function.name, ()):
            given = keyword(call, name)
            at = position - (
                1 if method and isinstance(call.func, ast.Attribute) else 0
            )
            if given is None and 0 <= at < len(call.args):
                given = call.args[at]
                if any(isinstance(a, ast.Starred) for a in call.args[: at + 1]):
                    given = None
            if given is not None:
                yield where, given
        positional = (*arguments.posonlyargs, *arguments.args)
        with_default = positional[len(positional) - len(arguments.defaults) :]
        defaults: Iterable[tuple[ast.arg, ast.expr | None]] = (
            *zip(with_default, arguments.defaults, strict=True),
            *zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True),
        )
        for argument, default in defaults:
            if argument.arg == name and default is not None:
                yield file, default

    def _parametrized(
        self, file: ReviewedFile, function: FunctionNode, name: str
    ) -> Iterator[Where]:
        holders: list[ast.AST] = [function, *file.ancestors(function)]
        for holder in holders:
            for decorator in getattr(holder, "decorator_list", ()):
                if not (
                    isinstance(decorator, ast.Call)
                    and last_name(decorator.func) == "parametrize"
                    and len(decorator.args) > 1
                ):
                    continue
                names = _split_names(decorator.args[0])
                if name not in names:
                    continue
                for where, element in self.elements(file, decorator.args[1]):
                    if len(names) == 1:
                        yield where, element
                    elif isinstance(element, (ast.Tuple, ast.List)):
                        index = names.index(name)
                        if index < len(element.elts):
                            yield where, element.elts[index]

    def fixture_params(self, file: ReviewedFile, node: ast.AST) -> Iterator[Where]:
        """Yield what `request.param` stands for in the fixture around a node."""
        function = file.function_of(node)
        made = fixture_call(function) if function is not None else None
        params = keyword(made, "params") if isinstance(made, ast.Call) else None
        if params is not None:
            yield from self.elements(file, params)


def _module_nodes(module: ast.Module) -> Iterator[ast.AST]:
    for statement in module.body:
        yield statement
        if isinstance(statement, (ast.If, ast.Try, ast.With, ast.For)):
            for inner in walk(statement):
                if inner is not statement and isinstance(inner, ast.stmt):
                    yield inner


def _names_bound(node: ast.AST) -> set[str]:
    targets: list[ast.expr] = []
    if isinstance(node, ast.Assign):
        targets = node.targets
    elif isinstance(
        node,
        (ast.AnnAssign, ast.NamedExpr, ast.For, ast.AsyncFor, ast.comprehension),
    ):
        targets = [node.target]
    elif isinstance(node, (ast.With, ast.AsyncWith)):
        targets = [i.optional_vars for i in node.items if i.optional_vars is not None]
    return {name for target in targets for name in names_in(target)}


def _taken_apart(
    file: ReviewedFile, target: ast.expr, value: ast.expr, name: str
) -> Iterator[Where]:
    if isinstance(target, ast.Name):
        if target.id == name:
            yield file, value
    elif isinstance(target, (ast.Tuple, ast.List)) and isinstance(
        value, (ast.Tuple, ast.List)
    ):
        if len(target.elts) == len(value.elts):
            for part, given in zip(target.elts, value.elts, strict=True):
                yield from _taken_apart(file, part, given, name)


def _split_names(node: ast.expr) -> list[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return [part.strip() for part in node.value.split(",") if part.strip()]
    if isinstance(node, (ast.Tuple, ast.List)):
        return [
            e.value
            for e in node.elts
            if isinstance(e, ast.Constant) and isinstance(e.value, str)
        ]
    return []


class Reader:
    """Reads expressions as texts."""

    def __init__(self, sources: Sources, named: Mapping[str, Texts]) -> None:
        self.sources = sources
        self.review = sources.review
        self._named = named
        """Paths of the routes by name."""
        self._known: dict[ast.expr, Texts] = {}

    def texts(self, file: ReviewedFile, node: ast.expr, depth: int = 0) -> Texts:
        """Return the texts that an expression may stand for, up to two hundred.

        Nothing is read twice: helpers that are called `get` call each other all over a
        large suite, and the ways through them have no end.
        """
        known = self._known.get(node)
        if known is not None:
            return known
        if depth > _DEEPEST:
            return (ANYTHING,)
        self._known[node] = ()
        found: dict[str, None] = {}
        for text in self._texts(file, node, depth):
            found[text] = None
            if len(found) >= _MOST:
                break
        self._known[node] = tuple(found) or (ANYTHING,)
        return self._known[node]

    def _texts(self, file: ReviewedFile, node: ast.expr, depth: int) -> Iterator[str]:
        if isinstance(node, ast.Constant):
            yield str(node.value)
        elif isinstance(node, ast.JoinedStr):
            yield from self._joined(file, node.values, depth)
        elif isinstance(node, ast.FormattedValue):
            yield from self.texts(file, node.value, depth + 1)
        elif isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Add, ast.Div)):
            yield from self._joined(file, (node.left, node.right), depth)
        elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod):
            given = node.right
            values = given.elts if isinstance(given, ast.Tuple) else [given]
            for text in self.texts(file, node.left, depth + 1):
                yield from self._filled(file, _PERCENT.split(text), values, depth)
        elif isinstance(node, ast.IfExp):
            yield from self.texts(file, node.body, depth + 1)
            yield from self.texts(file, node.orelse, depth + 1)
        elif isinstance(node, ast.BoolOp):
            for operand in node.values:
                yield from self.texts(file, operand, depth + 1)
        elif isinstance(node, ast.NamedExpr):
            yield from self.texts(file, node.value, depth + 1)
        elif isinstance(node, ast.Call):
            yield from self._called(file, node, depth)
        elif isinstance(node, ast.Name):
            yield from self._name(file, node, depth)
        elif isinstance(node, ast.Attribute):
            yield from self._attribute(file, node, depth)
        elif isinstance(node, ast.Subscript):
            yield from self._item(file, node, depth)

    def _joined(
        self, file: ReviewedFile, parts: Iterable[ast.expr], depth: int
    ) -> Iterator[str]:
        whole = [""]
        for part in parts:
            texts = self.texts(file, part, depth + 1)
            whole = [before + text for before in whole for text in texts][:_MOST]
        yield from whole

    def _filled(
        self,
        file: ReviewedFile,
        parts: list[str],
        values: list[ast.expr],
        depth: int,
    ) -> Iterator[str]:
        """Yield the texts with the values between the parts."""
        if len(values) != len(parts) - 1:
            yield ANYTHING.join(parts)
            return
        whole = [parts[0]]
        for value, part in zip(values, parts[1:], strict=True):
            texts = self.texts(file, value, depth + 1)
            whole = [before + t + part for before in whole for t in texts][:_MOST]
        yield from whole

    def _name(self, file: ReviewedFile, node: ast.Name, depth: int) -> Iterator[str]:
        found = False
        for where, value in self.sources.bound_to(file, node):
            found = True
            yield from self.texts(where, value, depth + 1)
        if not found:
            yield from self._constant(file, node)

    def _attribute(
        self, file: ReviewedFile, node: ast.Attribute, depth: int
    ) -> Iterator[str]:
        if node.attr == "param" and isinstance(node.value, ast.Name):
            params = list(self.sources.fixture_params(file, node))
            for where, value in params:
                yield from self.texts(where, value, depth + 1)
            if params:
                return
        if isinstance(node.value, ast.Name) and node.value.id in ("self", "cls"):
            found = False
            for value in _kept_on_self(file, node):
                found = True
                yield from self.texts(file, value, depth + 1)
            if found:
                return
        yield from self._constant(file, node)

    def _constant(self, file: ReviewedFile, node: ast.expr) -> Iterator[str]:
        value = self.review.static(file, node)
        for atom in kinds.known(value or ()):
            yield str(atom.value) if isinstance(atom, Const) else ANYTHING

    def _item(
        self, file: ReviewedFile, node: ast.Subscript, depth: int
    ) -> Iterator[str]:
        """Yield what a literal dictionary or list holds under a constant key."""
        if not isinstance(node.value, ast.Name) or not isinstance(
            node.slice, ast.Constant
        ):
            return
        for where, held in self.sources.bound_to(file, node.value):
            if isinstance(held, ast.Dict):
                for key, value in zip(held.keys, held.values, strict=True):
                    if isinstance(key, ast.Constant) and key.value == node.slice.value:
                        yield from self.texts(where, value, depth + 1)
            elif isinstance(held, (ast.Tuple, ast.List)):
                index = node.slice.value
                if isinstance(index, int) and -len(held.elts) <= index < len(held.elts):
                    yield from self.texts(where, held.elts[index], depth + 1)

    def _called(self, file: ReviewedFile, call: ast.Call, depth: int) -> Iterator[str]:
        name = last_name(call.func)
        if name in _ROUTE_BY_NAME and call.args:
            for text in self.texts(file, call.args[0], depth + 1):
                yield from self._named.get(text, ())
            return
        if name == "format" and isinstance(call.func, ast.Attribute):
            for text in self.texts(file, call.func.value, depth + 1):
                if call.keywords:
                    yield _PLACEHOLDER.sub(ANYTHING, text)
                else:
                    parts = _PLACEHOLDER.split(text)
                    yield from self._filled(file, parts, call.args, depth)
            return
        if name == "urljoin" and len(call.args) == 2:
            yield from self.texts(file, call.args[1], depth + 1)
            return
        if name == "replace" and isinstance(call.func, ast.Attribute):
            for text in self.texts(file, call.func.value, depth + 1):
                yield _PLACEHOLDER.sub(ANYTHING, text)
            return
        if name in _KEEPS:
            inner = call.args[0] if call.args else None
            if isinstance(call.func, ast.Attribute) and name != "URL":
                inner = call.func.value if not inner or name != "quote" else inner
            if inner is not None:
                yield from self.texts(file, inner, depth + 1)
            return
        for where, function in self.sources.functions.get(name, ()):
            if not is_fixture(function):
                for value in results(function):
                    yield from self.texts(where, value, depth + 1)


def _kept_on_self(file: ReviewedFile, node: ast.Attribute) -> Iterator[ast.expr]:
    """Yield what the class around a node keeps in an attribute of `self`."""
    for cls in file.ancestors(node):
        if not isinstance(cls, ast.ClassDef):
            continue
        for inner in walk(cls):
            if (
                isinstance(inner, (ast.Assign, ast.AnnAssign))
                and inner.value is not None
            ):
                targets = (
                    inner.targets if isinstance(inner, ast.Assign) else [inner.target]
                )
                for target in targets:
                    if last_name(target) == node.attr:
                        yield inner.value
        return
