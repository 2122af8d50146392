"""Which functions must become asynchronous, and what in them is awaited."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator

from roadworthy.fixes.async_db.decorated import decorated_for
from roadworthy.fixes.async_db.definitions import Definitions
from roadworthy.fixes.async_db.direct import Direct
from roadworthy.fixes.async_db.entries import Entries
from roadworthy.fixes.async_db.families import Families
from roadworthy.fixes.async_db.handed import Handed
from roadworthy.fixes.async_db.kept import Keeper
from roadworthy.fixes.async_db.late import Late
from roadworthy.fixes.async_db.operations import (
    Colouring,
    Obstacle,
    Operation,
    is_context_manager,
    is_generator,
    last,
)
from roadworthy.fixes.async_db.outside import (
    BRIDGED_DECORATORS,
    CALLING_BACK,
    HANDED_ON,
    TASK_DECORATORS,
    Outside,
)
from roadworthy.fixes.async_db.queries import Queries
from roadworthy.fixes.async_db.values import Owner, Values
from roadworthy.rules import kinds
from roadworthy.rules.files import FunctionNode, ReviewedFile, own_nodes
from roadworthy.rules.review import Review
from roadworthy.rules.threads import awaited_function, thread_function
from roadworthy.values.atoms import ClassAtom, Instance

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
_ISLANDS = frozenset({"call", "chain", "function", "run sync", "bulk", "enter", "late"})
"""What can be asked in synchronous code that `run_sync` runs."""


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
        self.sync_zones = set(self._sync_zones())
        self._calls: dict[FunctionNode, list[tuple[ReviewedFile, ast.Call]]] = (
            defaultdict(list)
        )
        self._contexts: dict[FunctionNode, list[tuple[ReviewedFile, ast.withitem]]] = (
            defaultdict(list)
        )
        self._refused: set[ast.AST] = set()
        self._seen: set[ast.AST] = set()
        self._scripts = frozenset(review_scripts(review))
        self.entries = Entries(values, files)
        self.families = Families(values, files)
        self.outside = Outside(values, files)
        self.handed = Handed(values)
        self.direct = Direct(
            values,
            queries,
            late,
            self.handed,
            self.result,
            self.in_sync_zone,
            self.offloaded,
            self.obstacle,
            clients=clients,
        )
        self.keeper = Keeper(
            values,
            Definitions(values),
            files,
            self._context_methods,
            self.families.of,
        )

    # -- the whole -------------------------------------------------------------------

    def colour(self) -> Colouring:
        """Return what becomes asynchronous."""
        for file in self.files:
            self._index(file)
        self._keep()
        for owner, cls, name, _ in self.entries.deferred():
            for file, node in self.entries.reads(owner, cls, name):
                self.direct.deferred[file].append(node)
        for file in self.files:
            for operation in self.direct.of(file):
                self._operation(operation)
        for handler in self.review.handlers():
            if (
                handler.file in self.files
                and isinstance(handler.node, ast.FunctionDef)
                and not self._only_runs_kept(handler.file, handler.node)
            ):
                self._function(handler.file, handler.node, handler.node)
        return self.result

    def _only_runs_kept(self, file: ReviewedFile, node: FunctionNode) -> bool:
        """Whether a handler awaits nothing, and asks synchronous sessions: a thread
        is where it belongs."""
        if node in self.result.functions:
            return False
        handed = {
            other.function_of(engine) for other, engine in self.result.keeping.handed
        }
        seen: set[FunctionNode] = set()
        waiting = [(file, node)]
        while waiting:
            owner = waiting.pop()
            if owner[1] in seen:
                continue
            seen.add(owner[1])
            if owner[1] in handed or owner[1] in self.result.keeping.functions:
                return True
            waiting.extend(self.keeper.called(*owner))
        return False

    def _keep(self) -> None:
        """Find what stays synchronous, on sessions of its own."""
        roots: list[Owner] = []
        tasks: list[Owner] = []
        twins: list[Owner] = []
        self.sync_zones.update(self.keeper.twins())
        for file in self.files:
            if self.review.is_test(file):
                continue
            for node in file.functions():
                if not isinstance(node, ast.FunctionDef):
                    continue
                owner = (file, node)
                if self.keeper.uses_twin(file, node):
                    twins.append(owner)
                    continue
                is_root = self._why_not(file, node) is not None or (
                    self.outside.is_called_back(file, node)
                )
                is_task = not is_root and self.outside.is_task(file, node)
                if not (is_root or is_task):
                    continue
                if self.keeper.asks(*owner) and self.keeper.opens_its_own(*owner):
                    (roots if is_root else tasks).append(owner)
        self.result.keeping = self.keeper.keep([*twins, *roots], tasks)
        for file in self.files:
            for engine in self.handed.engines(file):
                if self.keeper.twin(file, engine) is not None:
                    self.result.keeping.handed.append((file, engine))
                    self.obstacle(
                        file,
                        engine,
                        "it is asked synchronously here: a synchronous engine is kept "
                        "beside the asynchronous one",
                    )
        self.sync_zones.update(self.result.keeping.functions)
        for file, node in roots:
            reason = self._why_not(file, node) or (
                f"`{node.name}` stays synchronous: it is called outside of the event loop"
            )
            self.obstacle(
                file,
                node,
                f"{reason}; it has a synchronous engine beside the asynchronous one",
            )
        for file, node in tasks:
            if node in self.result.keeping.functions:
                self.obstacle(
                    file,
                    node,
                    f"`{node.name}` runs outside of the application: it stays as it is, "
                    "with a synchronous engine beside the asynchronous one",
                )

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
        for info in self.values.session_classes():
            own = self.review.class_node(info)
            if own is not None:
                yield own
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

    def offloaded(self, file: ReviewedFile, call: ast.Call) -> ast.expr | None:
        """Return the function that a call hands to a thread and waits for."""
        if last(call.func) == "run_in_executor":
            # Of whatever loop; no session goes to another process.
            return awaited_function(self.review, call)
        return thread_function(self.review, file, call)

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
            if not self._lambda(file, scope, operation):
                self.obstacle(file, operation.node, "a lambda cannot await")
                return
        if isinstance(scope, ast.ClassDef):
            self.obstacle(file, operation.node, "the body of a class cannot await")
            return
        if isinstance(scope, ast.FunctionDef) and not self._function(
            file, scope, operation.node
        ):
            return
        if scope in self.result.islands and not self._suits_island(operation):
            self.obstacle(
                file, operation.node, "this cannot be asked in synchronous code"
            )
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
        if node in self.result.islands:
            return True
        if reason is not None:
            if not self._island(file, node):
                self._refused.add(node)
                self.obstacle(file, because, reason)
                return False
            return True
        self.result.functions[node] = file
        if self._is_bridged(file, node):
            self.result.bridged[node] = file
            return True
        if node.name in _DUNDERS and isinstance(file.parent(node), ast.ClassDef):
            self.result.dunders[node] = _DUNDERS[node.name]
        for other, relative in self.families.of(file, node):
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

    # -- islands ---------------------------------------------------------------------

    def _suits_island(self, operation: Operation) -> bool:
        if operation.what == "with" and operation.item is not None:
            kind = self.values.kind(operation.file, operation.node)
            return kind == "transaction" and isinstance(operation.node, ast.Call)
        if operation.what == "chain":
            chain = self.result.chains[operation.node]
            return chain.is_query or isinstance(chain.root, ast.Name)
        return operation.what in _ISLANDS

    def _island(self, file: ReviewedFile, node: FunctionNode) -> bool:
        """Have synchronous code run by `run_sync`; return whether that can be done."""
        if self.review.is_test(file) or is_generator(node):
            return False
        self.result.islands[node] = file
        self.obstacle(
            file,
            node,
            f"{self._why_not(file, node)}: it stays synchronous, and is run by the "
            "asynchronous session's `run_sync`",
        )
        for caller, use in self.entries.of(file, node, self._calls.get(node, ())):
            if caller in self.files and not self.in_sync_zone(caller, use):
                self._operation(Operation(caller, use, "enter"))
        return True

    def _lambda(
        self, file: ReviewedFile, node: ast.Lambda, operation: Operation
    ) -> bool:
        """Have the call that takes a lambda run by `run_sync`."""
        if node in self.result.islands:
            return True
        taking = file.parent(node)
        if isinstance(taking, ast.keyword):
            taking = file.parent(taking)
        if not isinstance(taking, ast.Call) or taking.func is node:
            return False
        if self.values.callees(file, taking) or not self._suits_island(operation):
            return False
        names = self.review.names(file, taking)
        if last(taking.func) in CALLING_BACK - {"map"} or any(
            name.partition(".")[0] in HANDED_ON for name in names
        ):
            return False
        whole: ast.expr = taking
        while True:
            # What is lazy, such as `map`, is run where it is used up.
            parent = file.parent(whole)
            if not (isinstance(parent, ast.Call) and whole in parent.args):
                break
            whole = parent
        self.result.islands[node] = file
        self._operation(Operation(file, whole, "enter"))
        return True

    def _called(
        self, file: ReviewedFile, call: ast.Call, function: FunctionNode
    ) -> None:
        if is_context_manager(function):
            parent = file.parent(call)
            if isinstance(parent, ast.withitem):
                self._operation(Operation(file, call, "with", parent))
            elif isinstance(parent, ast.Call) and last(parent.func) == "enter_context":
                for operation in self.direct.stacked(file, parent):
                    self._operation(operation)
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
        # What one call may reach, a decorator's wrapper say, is awaited whichever it is.
        for owner, other in (
            *self.values.callees(file, call),
            *decorated_for(self.values, self.files, file, call),
        ):
            if other is not function and owner in self.files:
                self._function(owner, other, call)

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
            if name in BRIDGED_DECORATORS and not self.values.functions_at(
                file, target
            ):
                if name in TASK_DECORATORS:
                    self.obstacle(
                        file,
                        node,
                        f"`{node.name}` runs in an event loop of its own now: it needs "
                        "a process of its own, as queues' workers have",
                    )
                return True
        if self.outside.is_called_back(file, node):
            self.result.threads.add(node)
            self.obstacle(
                file,
                node,
                f"`{node.name}` runs in a thread, and now in an event loop of its own: a "
                "driver such as asyncpg needs an engine of its own there",
            )
            return True
        return False

    def obstacle(self, file: ReviewedFile, node: ast.AST, reason: str) -> None:
        """Note why something stays synchronous."""
        self.result.obstacles.append(Obstacle(file, node, reason))


def review_scripts(review: Review) -> Iterator[tuple[ReviewedFile, str]]:
    """Yield the functions that the project installs as commands."""
    from roadworthy.fixes.async_db.requirements import entry_points

    for module, name in entry_points(review.settings.root):
        for file in review.all_files:
            if file.module is not None and file.module.name == module:
                yield file, name
