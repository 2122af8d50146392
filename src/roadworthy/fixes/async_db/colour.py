"""Which functions must become asynchronous, and what in them is awaited."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from roadworthy.fixes.async_db.late import Late
from roadworthy.fixes.async_db.queries import Chain, Queries, executes
from roadworthy.fixes.async_db.values import Kind, Owner, Values
from roadworthy.rules import kinds
from roadworthy.rules.files import FunctionNode, ReviewedFile, ScopeNode, own_nodes
from roadworthy.rules.review import Review
from roadworthy.rules.threads import (
    awaited_function,
    starting_names,
    thread_function,
)
from roadworthy.values.atoms import ClassAtom, Function, Instance
from roadworthy.values.program import ClassInfo

_CLIENT_METHODS = frozenset(
    {"get", "post", "put", "patch", "delete", "head", "options", "request", "send"}
)
AWAITED: dict[Kind, frozenset[str]] = {
    "session": frozenset(
        {
            "execute",
            "exec",
            "scalar",
            "scalars",
            "get",
            "get_one",
            "commit",
            "flush",
            "refresh",
            "delete",
            "merge",
            "rollback",
            "close",
            "connection",
            "begin",
            "begin_nested",
            "reset",
            "invalidate",
        }
    ),
    "connection": frozenset(
        {
            "execute",
            "scalar",
            "scalars",
            "exec_driver_sql",
            "commit",
            "rollback",
            "close",
            "begin",
            "begin_nested",
            "invalidate",
        }
    ),
    "engine": frozenset({"connect", "begin", "dispose", "raw_connection"}),
    "transaction": frozenset({"commit", "rollback", "close"}),
    "client": _CLIENT_METHODS,
}
AWAITED["registry"] = AWAITED["session"] | {"remove"}
BY_RUN_SYNC = frozenset(
    {"bulk_save_objects", "bulk_insert_mappings", "bulk_update_mappings"}
)
"""Methods of a session that only the synchronous one has."""

_DUNDERS = {
    "__enter__": "__aenter__",
    "__exit__": "__aexit__",
    "__iter__": "__aiter__",
    "__next__": "__anext__",
}
_FIXED_NAMES = frozenset(
    {
        "__init__",
        "__new__",
        "__post_init__",
        "__del__",
        "__len__",
        "__bool__",
        "__contains__",
        "__getitem__",
        "__setitem__",
        "__delitem__",
        "__getattr__",
        "__eq__",
        "__hash__",
        "__str__",
        "__repr__",
        "__lt__",
        "model_post_init",
    }
)
_SYNC_DECORATORS = {
    "property": "a property cannot be awaited",
    "cached_property": "a property cannot be awaited",
    "hybrid_property": "a property cannot be awaited",
    "computed_field": "Pydantic calls it without awaiting",
    "field_validator": "Pydantic calls it without awaiting",
    "model_validator": "Pydantic calls it without awaiting",
    "validator": "Pydantic calls it without awaiting",
    "root_validator": "Pydantic calls it without awaiting",
    "field_serializer": "Pydantic calls it without awaiting",
    "model_serializer": "Pydantic calls it without awaiting",
    "validates": "SQLAlchemy calls it without awaiting",
    "lru_cache": "its cache would keep a coroutine, which can be awaited only once",
    "cache": "its cache would keep a coroutine, which can be awaited only once",
}
_BRIDGED_DECORATORS = frozenset(
    {"command", "task", "shared_task", "actor", "callback", "job", "periodic_task"}
)
"""Decorators of libraries that call a function outside of any event loop."""
_TRIVIAL = (ast.Pass, ast.Expr)


@dataclass(frozen=True, slots=True)
class Operation:
    """Something in the code that has to be awaited."""

    file: ReviewedFile
    node: ast.expr
    what: str
    """``call`` of an asynchronous method, ``chain``, ``with``, ``run sync``,
    ``metadata``, ``function``, ``loop``, ``next``, ``offload``, ``bulk`` or
    ``late``: a relationship that stays lazy."""
    item: ast.withitem | None = None


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Why something stays synchronous."""

    file: ReviewedFile
    node: ast.AST
    reason: str


@dataclass(slots=True)
class Colouring:
    """What becomes asynchronous."""

    functions: dict[FunctionNode, ReviewedFile] = field(default_factory=dict)
    operations: dict[ScopeNode, list[Operation]] = field(default_factory=dict)
    """What is awaited, by the scope in which it stands."""
    chains: dict[ast.AST, Chain] = field(default_factory=dict)
    obstacles: list[Obstacle] = field(default_factory=list)
    bridged: dict[FunctionNode, ReviewedFile] = field(default_factory=dict)
    """Functions that stay synchronous for those who call them, and run a loop."""
    threads: set[FunctionNode] = field(default_factory=set)
    """Those of them that run in threads beside the application's own loop."""
    dunders: dict[FunctionNode, str] = field(default_factory=dict)


class Colours:
    """Finds the functions that the migration makes asynchronous."""

    def __init__(
        self,
        review: Review,
        values: Values,
        queries: Queries,
        files: tuple[ReviewedFile, ...],
        late: Late,
        *,
        clients: bool,
    ) -> None:
        self.review = review
        self.late = late
        self.values = values
        self.queries = queries
        self.files = files
        self.clients = clients
        self.result = Colouring()
        self.sync_zones = frozenset(self._sync_zones())
        self._calls: dict[FunctionNode, list[tuple[ReviewedFile, ast.Call]]] = (
            defaultdict(list)
        )
        self._contexts: dict[FunctionNode, list[tuple[ReviewedFile, ast.withitem]]] = (
            defaultdict(list)
        )
        self._refused: set[ast.AST] = set()
        self._seen: set[ast.AST] = set()
        self._scripts = frozenset(review_scripts(review))

    # -- the whole -------------------------------------------------------------------

    def colour(self) -> Colouring:
        """Return what becomes asynchronous."""
        for file in self.files:
            self._index(file)
        for handler in self.review.handlers():
            if handler.file in self.files and isinstance(handler.node, ast.FunctionDef):
                self._function(handler.file, handler.node, handler.node)
        for file in self.files:
            for operation in self._direct(file):
                self._operation(operation)
        return self.result

    def _index(self, file: ReviewedFile) -> None:
        for call in file.nodes(ast.Call):
            for _, node in self.values.callees(file, call):
                self._calls[node].append((file, call))
        for statement in file.nodes(ast.With):
            for item in statement.items:
                for method in self._context_methods(file, item.context_expr):
                    self._contexts[method].append((file, item))

    def _context_methods(
        self, file: ReviewedFile, node: ast.expr
    ) -> Iterator[FunctionNode]:
        """Yield the `__enter__` and `__exit__` that a `with` over a value runs."""
        known = kinds.known(self.review.value(file, node))
        classes = [atom.cls for atom in known if isinstance(atom, Instance)]
        if not classes and isinstance(node, ast.Call):
            called = self.review.callees(file, node)
            classes = [atom.cls for atom in called if isinstance(atom, ClassAtom)]
        for cls in classes:
            for name in ("__enter__", "__exit__"):
                found = cls.find(name)
                if found is not None:
                    for _, method in self.values.owners(found[1]):
                        yield method

    def in_sync_zone(self, file: ReviewedFile, node: ast.AST) -> bool:
        """Whether a node is run by SQLAlchemy with synchronous objects: a listener."""
        if node in self.sync_zones:
            return True
        return any(around in self.sync_zones for around in file.ancestors(node))

    def _sync_zones(self) -> Iterator[ast.AST]:
        for file in self.files:
            for function in file.functions():
                for decorator in function.decorator_list:
                    call = decorator.func if isinstance(decorator, ast.Call) else None
                    if call is not None and last(call) in (
                        "listens_for",
                        "compiles",
                        "expression",
                    ):
                        yield function
            for call in file.nodes(ast.Call):
                name = last(call.func)
                if name == "listen" and len(call.args) >= 3:
                    handed = call.args[2]
                elif name == "run_sync" and call.args:
                    handed = call.args[0]
                else:
                    continue
                if isinstance(handed, ast.Lambda):
                    yield handed
                for _, node in self.values.functions_at(file, handed):
                    yield node

    # -- operations ------------------------------------------------------------------

    def _direct(self, file: ReviewedFile) -> Iterator[Operation]:
        """Yield what in a file asks the database itself."""
        covered: set[ast.AST] = set()
        for statement in file.nodes(ast.With):
            for item in statement.items:
                if self.in_sync_zone(file, statement):
                    continue
                kind = self.values.kind(file, item.context_expr)
                expression = item.context_expr
                if kind in ("session", "connection", "transaction", "client"):
                    if kind == "client" and not self.clients:
                        continue
                    covered.add(expression)
                    yield Operation(file, expression, "with", item)
        for chain in self.queries.chains(file):
            if self.in_sync_zone(file, chain.root):
                continue
            self.result.chains[chain.root] = chain
            covered.add(chain.whole)
            if chain.info.session == "":
                self.obstacle(
                    file,
                    chain.root,
                    "the session of this query cannot be told",
                )
                continue
            if chain.trouble:
                yield Operation(file, chain.root, "run sync")
            elif executes(file, chain):
                yield Operation(file, chain.root, "chain")
        for call in file.nodes(ast.Call):
            function = call.func
            if call in covered or not isinstance(function, ast.Attribute):
                continue
            if self.in_sync_zone(file, call):
                continue
            if function.attr in ("create_all", "drop_all", "reflect"):
                if self._is_metadata(file, call):
                    yield Operation(file, call, "metadata")
                continue
            kind = self.values.kind(file, function.value)
            if kind is None or (kind == "client" and not self.clients):
                continue
            if function.attr in AWAITED.get(kind, ()):
                yield Operation(file, call, "call")
            elif kind in ("session", "registry") and function.attr in BY_RUN_SYNC:
                yield Operation(file, call, "bulk")
        for read in self.late.reads(file):
            if not self.in_sync_zone(file, read):
                yield Operation(file, read, "late")
        yield from self._offloads(file)

    def _offloads(self, file: ReviewedFile) -> Iterator[Operation]:
        """Yield the calls that hand a method of a session to a thread."""
        for call in file.nodes(ast.Call):
            handed = self.offloaded(file, call)
            if isinstance(handed, ast.Attribute):
                kind = self.values.kind(file, handed.value)
                if kind is not None and handed.attr in AWAITED.get(kind, ()):
                    yield Operation(file, call, "offload")

    def offloaded(self, file: ReviewedFile, call: ast.Call) -> ast.expr | None:
        """Return the function that a call hands to a thread and waits for."""
        if last(call.func) == "run_in_executor":
            # Of whatever loop; no session goes to another process.
            return awaited_function(self.review, call)
        return thread_function(self.review, file, call)

    def _is_metadata(self, file: ReviewedFile, call: ast.Call) -> bool:
        bind = bind_of(call)
        return self.values.kind(file, bind) in ("engine", "connection")

    # -- spreading -------------------------------------------------------------------

    def _operation(self, operation: Operation) -> None:
        key = operation.item or operation.node
        if key in self._seen:
            return
        self._seen.add(key)
        file = operation.file
        if isinstance(file.parent(operation.node), ast.Await) and operation.what in (
            "call",
            "function",
        ):
            return
        scope = file.scope(operation.item or operation.node)
        if operation.item is not None:
            scope = file.scope(operation.item.context_expr)
        if isinstance(scope, ast.Lambda):
            self.obstacle(file, operation.node, "a lambda cannot await")
            return
        if isinstance(scope, ast.ClassDef):
            self.obstacle(file, operation.node, "the body of a class cannot await")
            return
        if isinstance(scope, ast.FunctionDef) and not self._function(
            file, scope, operation.node
        ):
            return
        self.result.operations.setdefault(scope, []).append(operation)

    def _function(
        self, file: ReviewedFile, node: FunctionNode, because: ast.AST
    ) -> bool:
        """Make a function asynchronous; return whether that can be done."""
        if isinstance(node, ast.AsyncFunctionDef) or node in self.result.functions:
            return True
        if node in self._refused or self.in_sync_zone(file, node):
            return False
        reason = self._why_not(file, node)
        if reason is not None:
            self._refused.add(node)
            self.obstacle(file, because, reason)
            return False
        self.result.functions[node] = file
        if self._is_bridged(file, node):
            self.result.bridged[node] = file
            return True
        if node.name in _DUNDERS and isinstance(file.parent(node), ast.ClassDef):
            self.result.dunders[node] = _DUNDERS[node.name]
        for other, relative in self._relatives(file, node):
            self._function(other, relative, relative)
        for caller, call in self._calls.get(node, ()):
            if caller not in self.files or self.in_sync_zone(caller, call):
                continue
            self._called(caller, call, node)
        for caller, item in self._contexts.get(node, ()):
            if caller in self.files:
                self._operation(Operation(caller, item.context_expr, "with", item))
        self._fixture_users(file, node)
        return True

    def _called(
        self, file: ReviewedFile, call: ast.Call, function: FunctionNode
    ) -> None:
        if is_context_manager(function):
            parent = file.parent(call)
            if isinstance(parent, ast.withitem):
                self._operation(Operation(file, call, "with", parent))
            return
        if is_generator(function):
            parent = file.parent(call)
            if (
                isinstance(parent, (ast.For, ast.comprehension)) and parent.iter is call
            ) or isinstance(parent, ast.YieldFrom):
                self._operation(Operation(file, call, "loop"))
            elif isinstance(parent, ast.Call) and last(parent.func) in (
                "next",
                "list",
                "tuple",
                "set",
            ):
                self._operation(Operation(file, parent, "next"))
            elif not isinstance(parent, (ast.Call, ast.Return, ast.keyword)):
                self._generator_variable(file, call)
            return
        parent = file.parent(call)
        if isinstance(parent, ast.Call) and call in parent.args:
            if last(parent.func) in ("create_task", "gather", "ensure_future"):
                return
        self._operation(Operation(file, call, "function"))

    def _generator_variable(self, file: ReviewedFile, call: ast.Call) -> None:
        """Follow `gen = get_db()` to the `next(gen)` of the same scope."""
        parent = file.parent(call)
        if not (isinstance(parent, ast.Assign) and len(parent.targets) == 1):
            return
        target = parent.targets[0]
        if not isinstance(target, ast.Name):
            return
        for inner in own_nodes(file.scope(call)):
            if (
                isinstance(inner, ast.Call)
                and last(inner.func) == "next"
                and inner.args
                and isinstance(inner.args[0], ast.Name)
                and inner.args[0].id == target.id
            ):
                self._operation(Operation(file, inner, "next"))
            elif isinstance(inner, ast.For) and (
                isinstance(inner.iter, ast.Name) and inner.iter.id == target.id
            ):
                self._operation(Operation(file, inner.iter, "loop"))

    def _fixture_users(self, file: ReviewedFile, node: FunctionNode) -> None:
        """Nothing to do: pytest's plugin awaits asynchronous fixtures itself."""

    def _relatives(self, file: ReviewedFile, node: FunctionNode) -> Iterator[Owner]:
        """Yield the same method of the classes above and below a method's class."""
        cls = file.parent(node)
        if not isinstance(cls, ast.ClassDef):
            return
        info = self.review.class_info(file, cls)
        if info is None:
            return
        related = [base for base in info.mro if isinstance(base, ClassInfo)]
        for base in list(related):
            related.extend(base.all_subclasses())
        names = {node.name}
        if node.name in ("__enter__", "__exit__"):
            names = {"__enter__", "__exit__"}
        for other in dict.fromkeys(related):
            if other.module.is_library:
                continue
            for name in names:
                for atom in other.namespace.get(name, ()):
                    if isinstance(atom, Function):
                        yield from (
                            owner
                            for owner in self.values.owners((atom,))
                            if owner[1] is not node
                        )
                    else:
                        yield from (
                            owner
                            for owner in self.values.owners((atom,))
                            if owner[1] is not node
                        )

    def _why_not(self, file: ReviewedFile, node: FunctionNode) -> str | None:
        if node.name in _FIXED_NAMES:
            return f"`{node.name}` cannot be `async def`"
        for decorator in node.decorator_list:
            name = last(
                decorator.func if isinstance(decorator, ast.Call) else decorator
            )
            reason = _SYNC_DECORATORS.get(name)
            if name == "cache" and isinstance(decorator, ast.Call):
                continue
            if reason is not None:
                return f"`{node.name}` stays synchronous: {reason}"
        parent = file.parent(node)
        if isinstance(parent, ast.ClassDef) and self.review.is_test(file):
            info = self.review.class_info(file, parent)
            if info is not None and any(
                isinstance(b, str) and b.startswith("unittest.") for b in info.mro
            ):
                return f"`{node.name}` belongs to a `unittest.TestCase`"
        return None

    def _is_bridged(self, file: ReviewedFile, node: FunctionNode) -> bool:
        if (file, node.name) in self._scripts and file.parent(node) is file.tree:
            return True
        if self.review.is_test(file):
            return False
        info = self.review.function_info(file, node)
        if info is not None and self.review.handler_of(info) is not None:
            return False
        for decorator in node.decorator_list:
            target = decorator.func if isinstance(decorator, ast.Call) else decorator
            if not isinstance(target, (ast.Attribute, ast.Name)):
                continue
            name = last(target)
            if name in _BRIDGED_DECORATORS and not self.values.functions_at(
                file, target
            ):
                return True
        if self._is_thread_target(file, node):
            self.result.threads.add(node)
            self.obstacle(
                file,
                node,
                f"`{node.name}` runs in a thread, and now in an event loop of its own: a "
                "driver such as asyncpg needs an engine of its own there",
            )
            return True
        return False

    def _is_thread_target(self, file: ReviewedFile, node: FunctionNode) -> bool:
        """Whether a function is handed to a thread of its own."""
        starting = self.review.once(starting_names) | {"add_job"}
        for other in self.files:
            if not other.mentions(*starting):
                continue
            for call in other.nodes(ast.Call):
                if last(call.func) not in starting:
                    continue
                given = [*call.args, *(k.value for k in call.keywords)]
                for value in given:
                    if isinstance(value, (ast.Name, ast.Attribute)) and any(
                        owner[1] is node
                        for owner in self.values.functions_at(other, value)
                    ):
                        if last(call.func) == "add_job" and any(
                            "asyncio" in name for name in self.review.names(other, call)
                        ):
                            continue
                        return True
        return False

    def obstacle(self, file: ReviewedFile, node: ast.AST, reason: str) -> None:
        """Note why something stays synchronous."""
        self.result.obstacles.append(Obstacle(file, node, reason))


def last(node: ast.AST) -> str:
    """Return the last part of a dotted name; empty for what is none."""
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def bind_of(call: ast.Call) -> ast.expr | None:
    """Return the engine or connection that `create_all` is given."""
    if call.args:
        return call.args[0]
    return next((k.value for k in call.keywords if k.arg == "bind"), None)


def is_generator(node: FunctionNode) -> bool:
    """Whether a function yields."""
    return any(
        isinstance(inner, (ast.Yield, ast.YieldFrom)) for inner in own_nodes(node)
    )


def is_context_manager(node: FunctionNode) -> bool:
    """Whether a function is decorated with `contextmanager`."""
    return any(last(decorator) == "contextmanager" for decorator in node.decorator_list)


def review_scripts(review: Review) -> Iterator[tuple[ReviewedFile, str]]:
    """Yield the functions that the project installs as commands."""
    from roadworthy.fixes.async_db.requirements import entry_points

    for module, name in entry_points(review.settings.root):
        for file in review.all_files:
            if file.module is not None and file.module.name == module:
                yield file, name
