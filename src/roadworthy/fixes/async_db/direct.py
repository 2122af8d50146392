"""What in a file asks the database itself."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Callable, Iterator

from roadworthy.fixes.async_db.handed import Handed
from roadworthy.fixes.async_db.late import Late
from roadworthy.fixes.async_db.operations import (
    AWAITED,
    BY_RUN_SYNC,
    STREAMED,
    Colouring,
    Operation,
    bind_of,
    last,
    loops_over,
)
from roadworthy.fixes.async_db.queries import Queries, executes
from roadworthy.fixes.async_db.values import Values, bindings
from roadworthy.rules.files import ReviewedFile


class Direct:
    """Finds the operations that stand in the code, before any are spread to callers."""

    def __init__(
        self,
        values: Values,
        queries: Queries,
        late: Late,
        handed: Handed,
        result: Colouring,
        in_sync_zone: Callable[[ReviewedFile, ast.AST], bool],
        offloaded: Callable[[ReviewedFile, ast.Call], ast.expr | None],
        obstacle: Callable[[ReviewedFile, ast.AST, str], None],
        *,
        clients: bool,
    ) -> None:
        self.values = values
        self.queries = queries
        self.late = late
        self.handed = handed
        self.result = result
        self.in_sync_zone = in_sync_zone
        self.offloaded = offloaded
        self.obstacle = obstacle
        self.clients = clients
        self.deferred: dict[ReviewedFile, list[ast.expr]] = defaultdict(list)
        """Where columns are read that are loaded only then."""

    def of(self, file: ReviewedFile) -> Iterator[Operation]:
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
                streams = function.attr in STREAMED and self._streams(file, call)
                yield Operation(file, call, "stream" if streams else "call")
            elif kind in ("session", "registry") and (
                function.attr in BY_RUN_SYNC or self.values.session_method(file, call)
            ):
                yield Operation(file, call, "bulk")
        for call, sessions in self.handed.sessions(file):
            if not self.in_sync_zone(file, call):
                self.result.handed.update(sessions)
                yield Operation(file, call, "enter")
        for session in self.handed.factory_sessions(file):
            if self.values.kind(file, session) == "session":
                self.result.handed.add(session)
            else:
                self.obstacle(
                    file,
                    session,
                    "factories ask this session synchronously: give them a session's "
                    "`sync_session` where a test has one",
                )
        for call in self.handed.factories(file):
            if not self.in_sync_zone(file, call):
                yield Operation(file, call, "enter")
        for node in self.deferred.get(file, ()):
            if not self.in_sync_zone(file, node):
                yield Operation(file, node, "enter")
        for read in self.late.reads(file):
            if not self.in_sync_zone(file, read):
                yield Operation(file, read, "late")
        for call in file.nodes(ast.Call):
            if last(call.func) == "enter_context" and call.args:
                if self.values.kind(file, call.args[0]) in (
                    "session",
                    "connection",
                    "transaction",
                ) and not self.in_sync_zone(file, call):
                    yield from self.stacked(file, call)
        yield from self._offloads(file)

    def _streams(self, file: ReviewedFile, call: ast.Call) -> bool:
        """Whether rows are fetched part by part while they are looped over."""
        texts = [file.text(argument) for argument in call.args[:1]]
        for argument in call.args[:1]:
            if isinstance(argument, ast.Name):
                texts += [
                    file.text(value)
                    for value in bindings(file, file.scope(call), argument.id)
                ]
        texts += [file.text(k.value) for k in call.keywords]
        if not any("yield_per" in t or "stream_results" in t for t in texts):
            return False
        if not loops_over(file, call):
            self.obstacle(
                file,
                call,
                "rows are fetched part by part: use `await session.stream(…)` and "
                "`async for`",
            )
            return False
        return True

    def stacked(self, file: ReviewedFile, call: ast.Call) -> Iterator[Operation]:
        """Yield what is awaited where a context is entered on a stack of them."""
        assert isinstance(call.func, ast.Attribute)
        stack = call.func.value
        scope = file.scope(call)
        for value in bindings(file, scope, last(stack)):
            if isinstance(value, ast.Call) and last(value.func) == "ExitStack":
                item = file.parent(value)
                if isinstance(item, ast.withitem) and isinstance(
                    file.parent(item), ast.With
                ):
                    yield Operation(file, value, "with", item)
                    yield Operation(file, call, "stack")
                else:
                    self.obstacle(file, call, "this stack of contexts is not a `with`")
                return
            if isinstance(value, ast.Call) and last(value.func) == "AsyncExitStack":
                yield Operation(file, call, "stack")
                return

    def _offloads(self, file: ReviewedFile) -> Iterator[Operation]:
        """Yield the calls that hand a method of a session to a thread."""
        for call in file.nodes(ast.Call):
            handed = self.offloaded(file, call)
            if isinstance(handed, ast.Attribute):
                kind = self.values.kind(file, handed.value)
                if kind is not None and handed.attr in AWAITED.get(kind, ()):
                    yield Operation(file, call, "offload")

    def _is_metadata(self, file: ReviewedFile, call: ast.Call) -> bool:
        bind = bind_of(call)
        return self.values.kind(file, bind) in ("engine", "connection")
