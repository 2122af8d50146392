"""Which expressions are sessions, engines, queries, …: what the migration asks of a value.

The evaluator is asked first. What it leaves open (code that no route reaches, tests and
their fixtures) is read from annotations, assignments and fixtures of the same scope.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from typing import Literal

from roadworthy.fixes.async_db.attributes import QueryAttributes
from roadworthy.rules import kinds, library_names
from roadworthy.rules.files import FunctionNode, ReviewedFile, own_nodes
from roadworthy.rules.review import Review
from roadworthy.values.atoms import (
    Atom,
    ClassAtom,
    External,
    ExternalInstance,
    Function,
    Instance,
    Suspended,
    Value,
    Wrapped,
)
from roadworthy.values.program import ClassInfo

Kind = Literal[
    "session",
    "factory",
    "registry",
    "engine",
    "connection",
    "transaction",
    "query",
    "client",
]
Owner = tuple[ReviewedFile, FunctionNode]

_CLASSES: dict[str, Kind] = {
    "sqlalchemy.orm.sessionmaker": "factory",
    "sqlalchemy.orm.session.sessionmaker": "factory",
    "sqlmodel.sessionmaker": "factory",
    "sqlalchemy.orm.scoped_session": "registry",
    "sqlalchemy.Engine": "engine",
    "sqlalchemy.engine.Engine": "engine",
    "sqlalchemy.engine.base.Engine": "engine",
    "sqlalchemy.future.Engine": "engine",
    "sqlalchemy.Connection": "connection",
    "sqlalchemy.engine.Connection": "connection",
    "sqlalchemy.engine.base.Connection": "connection",
    "sqlalchemy.orm.SessionTransaction": "transaction",
    "sqlalchemy.orm.Query": "query",
    "sqlalchemy.orm.query.Query": "query",
    "fastapi.testclient.TestClient": "client",
    "starlette.testclient.TestClient": "client",
}
SESSIONS = library_names.SYNC_SESSIONS - {"sqlalchemy.orm.scoped_session"}
ENGINE_MAKERS = frozenset(
    {
        "sqlalchemy.create_engine",
        "sqlalchemy.engine.create_engine",
        "sqlmodel.create_engine",
        "sqlalchemy.engine_from_config",
    }
)
_SESSION_OF = frozenset(
    {"sqlalchemy.orm.object_session", "sqlalchemy.orm.session.object_session"}
)
_CONTEXT_MANAGERS = frozenset(
    {"contextlib.contextmanager", "contextlib.asynccontextmanager"}
)
_WRAPPERS = frozenset(
    {"context", "async context", "static", "class method", "cached", "partial"}
)


def kind_of_class(path: str) -> Kind | None:
    """Return what the instances of a library's class are."""
    return "session" if path in SESSIONS else _CLASSES.get(path)


class Values:
    """Answers for one project; everything is asked once and kept."""

    def __init__(self, review: Review) -> None:
        self.review = review
        self.attributes = QueryAttributes(self)
        self._kinds: dict[ast.AST, Kind | None] = {}
        self._asking: set[ast.AST] = set()
        self._callees: dict[ast.Call, tuple[Owner, ...]] = {}
        self._fixtures: dict[str, list[Owner]] | None = None
        self._session_classes: dict[ClassInfo, str] | None = None
        self._states: dict[str, Kind | None] = {}
        self._names: dict[tuple[ast.AST, str], Kind | None] = {}

    # -- kinds -----------------------------------------------------------------------

    def kind(self, file: ReviewedFile, node: ast.AST | None) -> Kind | None:
        """Return what an expression stands for, or None where it is nothing of these."""
        if not isinstance(node, ast.expr):
            return None
        if node in self._kinds:
            return self._kinds[node]
        if node in self._asking:
            return None
        self._asking.add(node)
        try:
            found = self._kind(file, node)
        finally:
            self._asking.discard(node)
        if found == "client" and not self.review.is_test(file):
            found = None
        self._kinds[node] = found
        return found

    def _kind(self, file: ReviewedFile, node: ast.expr) -> Kind | None:
        if isinstance(node, (ast.Constant, ast.JoinedStr, ast.Lambda)):
            return None
        if isinstance(node, ast.Await):
            return self.kind(file, node.value)
        if isinstance(node, ast.Call):
            made = self._made(file, node)
            if made is not None:
                return made
        if isinstance(node, ast.BoolOp):
            found = {self.kind(file, operand) for operand in node.values} - {None}
            return found.pop() if len(found) == 1 else None
        if isinstance(node, ast.Attribute) and self.attributes.stands_for_query(
            file, node
        ):
            return "query"
        told = kind_in(self.review.value(file, node))
        if told is not None:
            return told
        if isinstance(node, ast.Name):
            return self._name(file, node)
        if isinstance(node, ast.Attribute):
            return self._attribute(file, node)
        return None

    def _made(self, file: ReviewedFile, call: ast.Call) -> Kind | None:
        """Return what a call makes, where the callee alone tells it."""
        names = self.names(file, call)
        if names & ENGINE_MAKERS:
            return "engine"
        if names & _SESSION_OF:
            return "session"
        if "contextlib.closing" in names and call.args:
            return self.kind(file, call.args[0])
        for atom in self.review.callees(file, call):
            kind = kind_of_type(atom)
            if kind is not None:
                return kind
        function = call.func
        owner = self.kind(file, function)
        if owner in ("factory", "registry"):
            return "session"
        if isinstance(function, ast.Attribute):
            held = self.kind(file, function.value)
            if held in ("session", "registry") and function.attr == "query":
                return "query"
            if held == "query" and function.attr in CHAINED:
                return "query"
            if held == "engine":
                return {"connect": "connection", "begin": "connection"}.get(
                    function.attr  # type: ignore[return-value]
                )
            if held == "factory" and function.attr == "begin":
                return "session"
            if held in ("session", "registry", "connection"):
                if function.attr in ("begin", "begin_nested"):
                    return "transaction"
                if function.attr == "connection":
                    return "connection"
        if (
            isinstance(function, ast.Name)
            and function.id in ("next", "anext")
            and call.args
        ):
            return self._handed(file, call.args[0])
        return self._handed(file, call)

    def _handed(self, file: ReviewedFile, call: ast.expr) -> Kind | None:
        """Return what the project's function that is called returns or yields."""
        if not isinstance(call, ast.Call):
            return None
        found = {self.returned(*owner) for owner in self.callees(file, call)}
        return found.pop() if len(found) == 1 else None

    def returned(self, file: ReviewedFile, node: FunctionNode) -> Kind | None:
        """Return what a function returns, or yields."""
        if node.returns is not None:
            told = self.annotated(file, node.returns)
            if told is not None:
                return told
        found: set[Kind | None] = set()
        for inner in own_nodes(node):
            if (
                isinstance(inner, (ast.Return, ast.Yield))
                and inner.value is not None
                and file.scope(inner) is node
            ):
                found.add(self.kind(file, inner.value))
        return found.pop() if len(found) == 1 else None

    def annotated(self, file: ReviewedFile, annotation: ast.expr) -> Kind | None:
        """Return what an annotation promises; `Generator[X]` and the like for X."""
        return self._in_types(self.review.annotation(file, annotation))

    def _in_types(self, types: Value) -> Kind | None:
        for atom in kinds.plain_types(types):
            kind = kind_of_type(atom)
            if kind is not None:
                return kind
            if kinds.type_name(atom) in _YIELDING:
                arguments = kinds.type_arguments(atom)
                if arguments:
                    kind = self._in_types(arguments[0])
                    if kind is not None:
                        return kind
        return None

    def _name(self, file: ReviewedFile, node: ast.Name) -> Kind | None:
        scope: ast.AST = file.scope(node)
        while isinstance(scope, ast.Lambda) or (
            isinstance(scope, (ast.FunctionDef, ast.AsyncFunctionDef))
            and node.id not in file.local_names(scope)
        ):
            scope = file.scope(scope)
        if isinstance(scope, ast.ClassDef):
            scope = file.tree
        key = (scope, node.id)
        if key in self._names:
            return self._names[key]
        self._names[key] = None
        self._names[key] = found = self.bound(file, scope, node.id)
        return found

    def bound(self, file: ReviewedFile, scope: ast.AST, name: str) -> Kind | None:
        """Return what a name is that a function or module binds."""
        if isinstance(scope, (ast.FunctionDef, ast.AsyncFunctionDef)):
            for argument, default in parameters(scope):
                if argument.arg == name:
                    return self._parameter(file, scope, argument, default)
        found: set[Kind] = set()
        for value in bindings(file, scope, name):
            kind = self.kind(file, value)
            if kind is not None:
                found.add(kind)
        return found.pop() if len(found) == 1 else None

    def _parameter(
        self,
        file: ReviewedFile,
        function: FunctionNode,
        argument: ast.arg,
        default: ast.expr | None,
    ) -> Kind | None:
        if argument.annotation is not None:
            told = self.annotated(file, argument.annotation)
            if told is not None:
                return told
        info = self.review.function_info(file, function)
        if info is not None:
            told = kind_in(self.review.given(info, argument.arg))
            if told is not None:
                return told
        if isinstance(default, ast.Call) and default.args:
            given = self.functions_at(file, default.args[0])
            found = {self.returned(*owner) for owner in given}
            if len(found) == 1:
                return found.pop()
        if self.review.is_test(file):
            fixture = self.fixture(file, argument.arg, function)
            if fixture is not None:
                return self.returned(*fixture)
        return None

    def _attribute(self, file: ReviewedFile, node: ast.Attribute) -> Kind | None:
        """Return what `self.x` is, by what the class's own methods assign to it."""
        if isinstance(node.value, ast.Attribute) and node.value.attr == "state":
            return self._state(node.attr)
        if not (isinstance(node.value, ast.Name) and node.value.id in ("self", "cls")):
            return None
        found: set[Kind] = set()
        for other, cls in self.lineage_of(file, node):
            for value in _assigned(cls, node.attr):
                kind = (
                    self.annotated(other, value.annotation)
                    if isinstance(value, ast.AnnAssign)
                    else None
                )
                if kind is None:
                    kind = self.kind(other, value.value)
                if kind is not None:
                    found.add(kind)
        return found.pop() if len(found) == 1 else None

    def _state(self, name: str) -> Kind | None:
        """Return what is kept under a name of a request's or application's state."""
        if name in self._states:
            return self._states[name]
        self._states[name] = None
        found: set[Kind] = set()
        for file in self.review.all_files:
            if not file.mentions(f".state.{name}"):
                continue
            for statement in file.nodes(ast.Assign):
                for target in statement.targets:
                    if (
                        isinstance(target, ast.Attribute)
                        and target.attr == name
                        and isinstance(target.value, ast.Attribute)
                        and target.value.attr == "state"
                    ):
                        kind = self.kind(file, statement.value)
                        if kind is not None:
                            found.add(kind)
        self._states[name] = found.pop() if len(found) == 1 else None
        return self._states[name]

    def lineage_of(
        self, file: ReviewedFile, node: ast.AST
    ) -> Iterator[tuple[ReviewedFile, ast.ClassDef]]:
        """Yield the class around a node, and the project's classes that it extends."""
        cls = next(
            (a for a in file.ancestors(node) if isinstance(a, ast.ClassDef)), None
        )
        if cls is None:
            return
        info = self.review.class_info(file, cls)
        if info is None:
            yield file, cls
            return
        for base in info.mro:
            if isinstance(base, ClassInfo):
                other, found = self.review.file_of(base.module), self.review.class_node(
                    base
                )
                if other is not None and found is not None:
                    yield other, found

    # -- fixtures --------------------------------------------------------------------

    def fixture(
        self, file: ReviewedFile, name: str, beside: ast.AST | None = None
    ) -> Owner | None:
        """Return pytest's fixture of that name as a test in a file sees it."""
        if self._fixtures is None:
            self._fixtures = {}
            for other in self.review.test_files:
                for node in other.functions():
                    named = fixture_name(node)
                    if named is not None:
                        self._fixtures.setdefault(named, []).append((other, node))
        best: Owner | None = None
        length = -1
        for owner in self._fixtures.get(name, ()):
            other, node = owner
            if node is beside:
                continue
            folder = other.relative.rpartition("/")[0]
            if other is file:
                return owner
            near = file.relative.startswith(f"{folder}/" if folder else "")
            if other.relative.endswith("conftest.py") and near and len(folder) > length:
                best, length = owner, len(folder)
        if best is None and len(self._fixtures.get(name, ())) == 1:
            best = self._fixtures[name][0]
            if best[1] is beside:
                return None
        return best

    # -- functions -------------------------------------------------------------------

    def names(self, file: ReviewedFile, call: ast.Call) -> frozenset[str]:
        """Return the dotted names of what a call calls."""
        return self.review.names(file, call)

    def callees(self, file: ReviewedFile, call: ast.Call) -> tuple[Owner, ...]:
        """Return the project's functions that a call runs, however they are wrapped."""
        known = self._callees.get(call)
        if known is None:
            self._callees[call] = ()
            atoms: tuple[Atom, ...] = self.review.callees(file, call)
            found = list(self.owners(atoms))
            if not found:
                found = list(self._called_by_name(file, call))
            known = self._callees[call] = tuple(dict.fromkeys(found))
        return known

    def owners(self, atoms: Iterable[Atom], depth: int = 4) -> Iterator[Owner]:
        """Yield the definitions behind functions and wrapped functions."""
        for atom in atoms:
            if isinstance(atom, Function):
                file = self.review.file_of(atom.function.module)
                node = self.review.node_of(atom.function)
                if file is not None and node is not None:
                    yield file, node
            elif isinstance(atom, Wrapped) and depth > 0:
                if atom.kind == "property":
                    continue
                yield from self.owners(atom.value, depth - 1)
            elif isinstance(atom, Instance) and depth > 0:
                found = atom.cls.find("__call__")
                if found is not None:
                    yield from self.owners(found[1], depth - 1)

    def functions_at(self, file: ReviewedFile, node: ast.expr) -> tuple[Owner, ...]:
        """Return the project's functions that an expression stands for."""
        found = tuple(self.owners(self.review.value(file, node)))
        if not found and isinstance(node, ast.Name):
            found = tuple(self._named(file, node.id))
        return found

    def _named(self, file: ReviewedFile, name: str) -> Iterator[Owner]:
        for statement in file.tree.body:
            if (
                isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef))
                and statement.name == name
            ):
                yield file, statement

    def _called_by_name(self, file: ReviewedFile, call: ast.Call) -> Iterator[Owner]:
        function = call.func
        if isinstance(function, ast.Name):
            scope = file.function_of(call)
            if scope is None or function.id not in file.local_names(scope):
                yield from self._named(file, function.id)
            elif scope is not None:
                for inner in own_nodes(scope):
                    if (
                        isinstance(inner, (ast.FunctionDef, ast.AsyncFunctionDef))
                        and inner.name == function.id
                    ):
                        yield file, inner
                # A fixture that hands out a function of its own.
                if self.review.is_test(file) and any(
                    a.arg == function.id for a, _ in parameters(scope)
                ):
                    fixture = self.fixture(file, function.id, scope)
                    if fixture is not None:
                        yield from self._inner_function(*fixture)
        elif (
            isinstance(function, ast.Attribute)
            and isinstance(function.value, ast.Name)
            and function.value.id in ("self", "cls")
        ):
            for other, cls in self.lineage_of(file, call):
                for statement in cls.body:
                    if (
                        isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef))
                        and statement.name == function.attr
                    ):
                        yield other, statement
                        return

        elif isinstance(function, ast.Attribute):
            row = self.attributes.row_class(file, function.value)
            found = row.find(function.attr) if row is not None else None
            if found is not None:
                yield from self.owners(found[1])

    def _inner_function(
        self, file: ReviewedFile, node: FunctionNode
    ) -> Iterator[Owner]:
        inside = {
            inner.name: inner
            for inner in own_nodes(node)
            if isinstance(inner, (ast.FunctionDef, ast.AsyncFunctionDef))
        }
        for inner in own_nodes(node):
            if (
                isinstance(inner, (ast.Return, ast.Yield))
                and isinstance(inner.value, ast.Name)
                and inner.value.id in inside
            ):
                yield file, inside[inner.value.id]

    def session_classes(self) -> dict[ClassInfo, str]:
        """Return the project's own session classes, with the library's behind each."""
        if self._session_classes is None:
            self._session_classes = {}
            for file in self.review.all_files:
                if file.source is None or not file.mentions("Session"):
                    continue
                for _, info in self.review.classes(file):
                    for name in kinds.class_lineage(info):
                        if name in SESSIONS:
                            self._session_classes[info] = name
                            break
        return self._session_classes

    def session_method(self, file: ReviewedFile, call: ast.Call) -> bool:
        """Whether a method is called that a session class of the project defines."""
        return isinstance(call.func, ast.Attribute) and any(
            call.func.attr in info.namespace for info in self.session_classes()
        )

    # -- classes ---------------------------------------------------------------------

    def is_entity(self, file: ReviewedFile, node: ast.expr) -> bool:
        """Whether an expression is a mapped class (or an alias of one)."""
        known = kinds.known(self.review.value(file, node))
        if known and all(isinstance(a, ClassAtom) for a in known):
            return True
        if isinstance(node, ast.Call):
            names = self.names(file, node)
            return any(name.endswith(".aliased") for name in names)
        if not known and isinstance(node, ast.Name):
            scope = file.function_of(node)
            if scope is not None:
                for argument, _ in parameters(scope):
                    if argument.arg == node.id and argument.annotation is not None:
                        types = kinds.known(
                            self.review.annotation(file, argument.annotation)
                        )
                        return any(
                            kinds.type_name(t) in ("type", "Type") for t in types
                        )
        return False


CHAINED = frozenset(
    {
        "filter",
        "filter_by",
        "where",
        "order_by",
        "group_by",
        "having",
        "limit",
        "offset",
        "distinct",
        "options",
        "join",
        "outerjoin",
        "select_from",
        "with_for_update",
        "execution_options",
        "with_entities",
        "add_columns",
        "populate_existing",
        "yield_per",
        "slice",
        "correlate",
        "prefix_with",
        "enable_eagerloads",
        "autoflush",
        "union",
        "union_all",
        "params",
        "reset_joinpoint",
    }
)
"""Methods of a query that give a query."""

_YIELDING = frozenset(
    {
        "Generator",
        "Iterator",
        "Iterable",
        "AsyncGenerator",
        "AsyncIterator",
        "AsyncIterable",
        "Callable",
    }
) - {"Callable"}


def kind_in(value: Value) -> Kind | None:
    """Return what the known alternatives of a value are, if they agree."""
    found: set[Kind] = set()
    for atom in kinds.known(value):
        kind = _kind_of(atom)
        if kind is None:
            return None
        found.add(kind)
    return found.pop() if len(found) == 1 else None


def _kind_of(atom: Atom) -> Kind | None:
    if isinstance(atom, ExternalInstance):
        return kind_of_class(atom.path) or (
            "engine" if atom.path.endswith(".Engine") else None
        )
    if isinstance(atom, Instance):
        for name in kinds.lineage(atom):
            kind = kind_of_class(name)
            if kind is not None:
                return kind
    if isinstance(atom, Suspended):
        summary = atom.call.summary
        if summary is not None and summary.yields:
            return None
    return None


def kind_of_type(atom: Atom) -> Kind | None:
    """Return what the instances of a type are."""
    if isinstance(atom, External):
        return kind_of_class(atom.path)
    if isinstance(atom, (ClassAtom, Wrapped)):
        for name in kinds.lineage(atom):
            kind = kind_of_class(name)
            if kind is not None:
                return kind
    return None


def parameters(
    function: FunctionNode,
) -> Iterator[tuple[ast.arg, ast.expr | None]]:
    """Yield a function's parameters with their defaults."""
    arguments = function.args
    positional = [*arguments.posonlyargs, *arguments.args]
    gap = len(positional) - len(arguments.defaults)
    for index, argument in enumerate(positional):
        yield argument, arguments.defaults[index - gap] if index >= gap else None
    yield from zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)


def bindings(file: ReviewedFile, scope: ast.AST, name: str) -> Iterator[ast.expr]:
    """Yield the expressions that a name is bound to in a function or module."""
    for inner in own_nodes(scope):
        if isinstance(inner, ast.Assign):
            for target in inner.targets:
                if isinstance(target, ast.Name) and target.id == name:
                    yield inner.value
        elif isinstance(inner, (ast.AnnAssign, ast.NamedExpr)):
            target = inner.target
            if (
                isinstance(target, ast.Name)
                and target.id == name
                and inner.value is not None
            ):
                yield inner.value
        elif isinstance(inner, (ast.With, ast.AsyncWith)):
            for item in inner.items:
                entered = item.optional_vars
                if isinstance(entered, ast.Name) and entered.id == name:
                    yield item.context_expr


def fixture_name(node: FunctionNode) -> str | None:
    """Return the name under which a function is a fixture; None if it is none."""
    for decorator in node.decorator_list:
        call = decorator.func if isinstance(decorator, ast.Call) else decorator
        last = call.attr if isinstance(call, ast.Attribute) else getattr(call, "id", "")
        if last != "fixture":
            continue
        if isinstance(decorator, ast.Call):
            for keyword in decorator.keywords:
                if keyword.arg == "name" and isinstance(keyword.value, ast.Constant):
                    return str(keyword.value.value)
        return node.name
    return None


def _assigned(cls: ast.ClassDef, name: str) -> Iterator[ast.Assign | ast.AnnAssign]:
    for inner in ast.walk(cls):
        if isinstance(inner, ast.Assign):
            targets: list[ast.expr] = inner.targets
        elif isinstance(inner, ast.AnnAssign):
            targets = [inner.target]
        else:
            continue
        for target in targets:
            if (
                isinstance(target, ast.Attribute)
                and target.attr == name
                and isinstance(target.value, ast.Name)
                and target.value.id in ("self", "cls")
            ) or (
                isinstance(target, ast.Name) and target.id == name and inner in cls.body
            ):
                yield inner
