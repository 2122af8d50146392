"""The edits that make functions asynchronous and await what they ask of the database."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from roadworthy.fixes.async_db import queries
from roadworthy.fixes.async_db.colour import (
    Colouring,
    Colours,
    Operation,
    bind_of,
    is_context_manager,
    is_generator,
    last,
)
from roadworthy.fixes.async_db.patch import Patch
from roadworthy.fixes.async_db.values import Values, parameters
from roadworthy.rules.files import FunctionNode, ReviewedFile
from roadworthy.values.atoms import External, Wrapped

_SQLALCHEMY = "from sqlalchemy.ext.asyncio import "
RENAMED: dict[str, tuple[str, str]] = {
    "sqlalchemy.orm.Session": ("AsyncSession", _SQLALCHEMY + "AsyncSession"),
    "sqlalchemy.orm.session.Session": ("AsyncSession", _SQLALCHEMY + "AsyncSession"),
    "sqlmodel.Session": (
        "AsyncSession",
        "from sqlmodel.ext.asyncio.session import AsyncSession",
    ),
    "sqlmodel.orm.session.Session": (
        "AsyncSession",
        "from sqlmodel.ext.asyncio.session import AsyncSession",
    ),
    "sqlalchemy.orm.sessionmaker": (
        "async_sessionmaker",
        _SQLALCHEMY + "async_sessionmaker",
    ),
    "sqlalchemy.orm.scoped_session": (
        "async_scoped_session",
        _SQLALCHEMY + "async_scoped_session",
    ),
    "sqlalchemy.create_engine": (
        "create_async_engine",
        _SQLALCHEMY + "create_async_engine",
    ),
    "sqlalchemy.engine.create_engine": (
        "create_async_engine",
        _SQLALCHEMY + "create_async_engine",
    ),
    "sqlmodel.create_engine": (
        "create_async_engine",
        _SQLALCHEMY + "create_async_engine",
    ),
    "sqlalchemy.engine_from_config": (
        "async_engine_from_config",
        _SQLALCHEMY + "async_engine_from_config",
    ),
    "sqlalchemy.Engine": ("AsyncEngine", _SQLALCHEMY + "AsyncEngine"),
    "sqlalchemy.engine.Engine": ("AsyncEngine", _SQLALCHEMY + "AsyncEngine"),
    "sqlalchemy.engine.base.Engine": ("AsyncEngine", _SQLALCHEMY + "AsyncEngine"),
    "sqlalchemy.Connection": ("AsyncConnection", _SQLALCHEMY + "AsyncConnection"),
    "sqlalchemy.engine.Connection": (
        "AsyncConnection",
        _SQLALCHEMY + "AsyncConnection",
    ),
    "sqlalchemy.orm.SessionTransaction": (
        "AsyncSessionTransaction",
        _SQLALCHEMY + "AsyncSessionTransaction",
    ),
    "sqlalchemy.orm.Query": ("Select", "from sqlalchemy import Select"),
    "sqlalchemy.orm.query.Query": ("Select", "from sqlalchemy import Select"),
}
"""What the synchronous classes and factories become."""

_CLIENTS = frozenset(
    {"fastapi.testclient.TestClient", "starlette.testclient.TestClient"}
)
_GENERATORS = {
    "Generator": "AsyncGenerator",
    "Iterator": "AsyncIterator",
    "Iterable": "AsyncIterable",
    "ContextManager": "AsyncContextManager",
    "AbstractContextManager": "AbstractAsyncContextManager",
}


class Rewriter:
    """Writes a colouring into the patches of the files."""

    def __init__(
        self,
        values: Values,
        colours: Colours,
        colouring: Colouring,
        patches: dict[ReviewedFile, Patch],
        client: str,
        engine: tuple[ReviewedFile, str] | None,
    ) -> None:
        self.values = values
        self.engine = engine
        """The application's engine: the file that makes it, and its name."""
        self.review = values.review
        self.colours = colours
        self.colouring = colouring
        self.patches = patches
        self.client = client
        """The module of the asynchronous HTTP client: ``httpx`` or ``httpx2``."""

    def write(self) -> None:
        """Write everything that needs no decision of its own."""
        for node, file in self.colouring.functions.items():
            self._definition(self.patches[file], file, node)
        waiting = [
            operation
            for operations in self.colouring.operations.values()
            for operation in operations
        ]
        waiting.sort(key=lambda operation: _size(operation.node))
        for operation in waiting:
            self._operation(operation)
        self._parts(waiting)
        for file, patch in self.patches.items():
            self._names(file, patch)
            self._sessions(file, patch)
            self._offloaded(file, patch)
            self._dunders(file, patch)
            self._listeners(file, patch)
        self._withs(waiting)
        if any(operation.what == "late" for operation in waiting):
            self._late_classes()

    def _late_classes(self) -> None:
        """Give the classes whose relationships stay lazy `awaitable_attrs`."""
        for file, patch in self.patches.items():
            for cls in file.nodes(ast.ClassDef):
                if self.colours.late.owns(file, cls) and cls.bases:
                    patch.insert(patch.span(cls.bases[0])[0], "AsyncAttrs, ")
                    patch.need(_SQLALCHEMY + "AsyncAttrs")

    # -- definitions -----------------------------------------------------------------

    def _definition(self, patch: Patch, file: ReviewedFile, node: FunctionNode) -> None:
        start, _ = patch.span(node)
        if node in self.colouring.bridged:
            self._bridge(patch, file, node)
        else:
            patch.insert(start, "async ")
            renamed = self.colouring.dunders.get(node)
            if renamed is not None:
                at = patch.source.text.index(node.name, start)
                patch.replace_span(at, at + len(node.name), renamed)
        if is_context_manager(node):
            for decorator in node.decorator_list:
                if last(decorator) == "contextmanager":
                    self._rename_reference(patch, decorator, "asynccontextmanager")
                    patch.need("from contextlib import asynccontextmanager")
        if is_generator(node) and node.returns is not None:
            self._returns(patch, node.returns)

    def _dunders(self, file: ReviewedFile, patch: Patch) -> None:
        """Rename the methods of contexts where they are called by name."""
        if not self.colouring.dunders:
            return
        for call in file.nodes(ast.Call):
            if not isinstance(call.func, ast.Attribute):
                continue
            for _, node in self.values.callees(file, call):
                renamed = self.colouring.dunders.get(node)
                if renamed is not None and call.func.attr == node.name:
                    self._rename_reference(patch, call.func, renamed)

    def _rename_reference(self, patch: Patch, node: ast.expr, name: str) -> None:
        if isinstance(node, ast.Attribute):
            _, end = patch.span(node)
            patch.replace_span(end - len(node.attr), end, name)
        else:
            patch.replace(node, name)

    def _returns(self, patch: Patch, returns: ast.expr) -> None:
        target = returns.value if isinstance(returns, ast.Subscript) else returns
        name = _GENERATORS.get(last(target))
        if name is None:
            return
        self._rename_reference(patch, target, name)
        if isinstance(target, ast.Name):
            module = "collections.abc"
            if "from typing import" in patch.source.text and re.search(
                rf"from typing import[^\n]*\b{target.id}\b", patch.source.text
            ):
                module = "typing"
            patch.need(f"from {module} import {name}")
        if (
            name == "AsyncGenerator"
            and isinstance(returns, ast.Subscript)
            and isinstance(returns.slice, ast.Tuple)
            and len(returns.slice.elts) == 3
        ):
            _, second = patch.span(returns.slice.elts[1])
            _, third = patch.span(returns.slice.elts[2])
            patch.replace_span(second, third, "")

    def _bridge(self, patch: Patch, file: ReviewedFile, node: FunctionNode) -> None:
        """Keep a synchronous function for its callers outside of any loop."""
        text = patch.source.text
        start, end = patch.span(node)
        head = min((patch.span(d)[0] for d in node.decorator_list), default=start)
        if node.decorator_list:
            head = text.rindex("@", 0, head)
        column = start - (text.rfind("\n", 0, start) + 1)
        indent = " " * column
        inner = f"{node.name}_async"
        at = text.index(node.name, start)
        given: list[str] = []
        for argument, _ in parameters(node):
            plain = argument in node.args.args or argument in node.args.posonlyargs
            given.append(argument.arg if plain else f"{argument.arg}={argument.arg}")
        if node.args.vararg is not None:
            given.insert(
                len(node.args.args) + len(node.args.posonlyargs),
                f"*{node.args.vararg.arg}",
            )
        if node.args.kwarg is not None:
            given.append(f"**{node.args.kwarg.arg}")
        owner = ""
        if isinstance(file.parent(node), ast.ClassDef) and given:
            owner, given = f"{given[0]}.", given[1:]
        body_start, _ = patch.span(node.body[0])
        signature = text[start:body_start].rstrip()
        newline = "\n"
        decorators = text[head:start]
        call = f"{owner}{inner}({', '.join(given)})"
        back = "return " if _returns_value(node) else ""
        dispose = self._dispose(patch, file, node)
        if dispose:
            # The connections of the pool belong to the loop that ends here.
            returns = f" -> {patch.original(node.returns)}" if node.returns else ""
            body = "".join(
                f"{newline}{indent}    {line}".rstrip()
                for line in (
                    f"async def run(){returns}:",
                    "    try:",
                    f"        {back}await {call}",
                    "    finally:",
                    f"        await {dispose}.dispose()",
                    "",
                    f"{back}asyncio.run(run())",
                )
            )
        else:
            body = f"{newline}{indent}    {back}asyncio.run({call})"
        wrapper = (
            f"{newline}{newline}{newline if not indent else ''}{indent}{decorators}"
            f"{signature}{body}"
        )
        patch.replace_span(head, at + len(node.name), f"async def {inner}")
        patch.insert(end, wrapper)
        patch.need("import asyncio")

    def _dispose(
        self, patch: Patch, file: ReviewedFile, node: FunctionNode
    ) -> str | None:
        """Return the name of the engine whose connections end with a function's loop."""
        if self.engine is None or node in self.colouring.threads:
            return None
        owner, name = self.engine
        if owner is file:
            return name
        if owner.module is None or name in file.local_names(node):
            return None
        known = {
            target.id
            for statement in file.tree.body
            if isinstance(statement, ast.Assign)
            for target in statement.targets
            if isinstance(target, ast.Name)
        }
        if name in known:
            return None
        patch.need(f"from {owner.module.name} import {name}")
        return name

    # -- operations ------------------------------------------------------------------

    def _operation(self, operation: Operation) -> None:
        patch, file, node = self.patches[operation.file], operation.file, operation.node
        self._generator_expressions(patch, file, node)
        if operation.what in ("call", "function"):
            self._await(patch, file, node)
        elif operation.what == "chain":
            chain = self.colouring.chains[node]
            used = not isinstance(file.parent(chain.whole), ast.Expr)
            if queries.convert(patch, chain, used):
                loop = queries.use_of(file, chain).iterated
                assert isinstance(loop, ast.For)
                patch.insert(patch.span(loop)[0], "async ")
        elif operation.what == "run sync":
            chain = self.colouring.chains[node]
            reason = chain.trouble
            if queries.by_run_sync(patch, chain):
                reason += ": the query stays as it is, in `run_sync`"
            self.colours.obstacle(file, node, reason)
        elif operation.what == "bulk":
            assert isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
            start, end = patch.span(node)
            _, session_end = patch.span(node.func.value)
            session = patch.render(start, session_end)
            inner = patch.render(session_end, end)
            patch.replace_span(
                start, end, f"await {session}.run_sync(lambda session: session{inner})"
            )
        elif operation.what == "late":
            assert isinstance(node, ast.Attribute)
            _, end = patch.span(node)
            patch.insert(end - len(node.attr), "awaitable_attrs.")
            self._await(patch, file, node)
        elif operation.what == "metadata":
            self._metadata(patch, file, node)
        elif operation.what == "next":
            self._next(patch, file, node)
        elif operation.what == "loop":
            self._loop(patch, file, node)
        elif operation.what == "offload":
            assert isinstance(node, ast.Call)
            self._offload(patch, file, node)

    def _await(self, patch: Patch, file: ReviewedFile, node: ast.expr) -> None:
        parent = file.parent(node)
        tight = (
            isinstance(parent, (ast.Attribute, ast.Subscript)) and parent.value is node
        ) or (isinstance(parent, ast.Call) and parent.func is node)
        patch.wrap(node, "(await " if tight else "await ", ")" if tight else "")

    def _generator_expressions(
        self, patch: Patch, file: ReviewedFile, node: ast.expr
    ) -> None:
        """Make lists of generator expressions in which something is awaited."""
        child: ast.AST = node
        for parent in file.ancestors(node):
            if isinstance(parent, ast.stmt):
                return
            if isinstance(parent, ast.GeneratorExp) and not (
                isinstance(child, ast.comprehension)
                and child is parent.generators[0]
                and _contains(child.iter, node)
            ):
                start, end = patch.span(parent)
                patch.replace_span(start, start + 1, "([")
                patch.replace_span(end - 1, end, "])")
            child = parent

    def _metadata(self, patch: Patch, file: ReviewedFile, node: ast.expr) -> None:
        assert isinstance(node, ast.Call)
        bind = bind_of(node)
        assert bind is not None
        rest = [patch.original(a) for a in node.args if a is not bind]
        rest += [
            f"{k.arg}={patch.original(k.value)}"
            for k in node.keywords
            if k.value is not bind
        ]
        handed = ", ".join([patch.original(node.func), *rest])
        target = patch.original(bind)
        if self.values.kind(file, bind) == "connection":
            patch.replace(node, f"await {target}.run_sync({handed})")
            return
        start, _ = patch.span(node)
        indent = " " * (start - (patch.source.text.rfind("\n", 0, start) + 1))
        patch.replace(
            node,
            f"async with {target}.begin() as connection:\n"
            f"{indent}    await connection.run_sync({handed})",
        )

    def _next(self, patch: Patch, file: ReviewedFile, node: ast.expr) -> None:
        assert isinstance(node, ast.Call)
        name = last(node.func)
        if name == "next":
            patch.replace(node.func, "anext")
            self._await(patch, file, node)
            return
        start, end = patch.span(node)
        first, stop = patch.span(node.args[0])
        if name == "list":
            patch.replace_span(start, first, "[item async for item in ")
            patch.replace_span(stop, end, "]")
        else:
            patch.replace_span(start, first, f"{name}([item async for item in ")
            patch.replace_span(stop, end, "])")

    def _loop(self, patch: Patch, file: ReviewedFile, node: ast.expr) -> None:
        parent = file.parent(node)
        if isinstance(parent, ast.For):
            patch.insert(patch.span(parent)[0], "async ")
        elif isinstance(parent, ast.comprehension):
            start, _ = patch.span(parent.target)
            at = patch.source.text.rindex("for", 0, start)
            patch.insert(at, "async ")
        elif isinstance(parent, ast.YieldFrom):
            start, _ = patch.span(parent)
            indent = " " * (start - (patch.source.text.rfind("\n", 0, start) + 1))
            first, _ = patch.span(node)
            patch.replace_span(start, first, "async for item in ")
            patch.insert(patch.span(node)[1], f":\n{indent}    yield item")

    def _offloaded(self, file: ReviewedFile, patch: Patch) -> None:
        """Call directly what was handed to a thread and is asynchronous now."""
        for call in file.nodes(ast.Call):
            handed = self.colours.offloaded(file, call)
            if handed is None or isinstance(handed, ast.Lambda):
                continue
            if any(
                node in self.colouring.functions
                for _, node in self.values.functions_at(file, handed)
            ):
                self._offload(patch, file, call)

    def _offload(self, patch: Patch, file: ReviewedFile, call: ast.Call) -> None:
        handed = self.colours.offloaded(file, call)
        assert handed is not None
        rest = call.args[call.args.index(handed) + 1 :]
        start, end = patch.span(call)
        first, stop = patch.span(handed)
        following = [*rest, *(k.value for k in call.keywords)]
        patch.replace_span(start, first, "")
        if following:
            comma = patch.source.text.index(",", stop)
            patch.replace_span(stop, comma + 1, "(")
        else:
            patch.replace_span(stop, end, "()")

    def _parts(self, done: list[Operation]) -> None:
        """Write the chains that execute nothing where they stand."""
        executed = {operation.node for operation in done}
        for root, chain in sorted(
            self.colouring.chains.items(), key=lambda pair: _size(pair[1].whole)
        ):
            if root in executed or chain.trouble or not chain.info.session:
                continue
            if queries.executes(chain.file, chain):
                # Its function stays synchronous.
                continue
            queries.convert(self.patches[chain.file], chain, True)

    # -- names -----------------------------------------------------------------------

    def _names(self, file: ReviewedFile, patch: Patch) -> None:
        """Replace the synchronous classes and factories by the asynchronous ones."""
        for node in file.nodes(ast.Name, ast.Attribute):
            if not isinstance(getattr(node, "ctx", None), ast.Load):
                continue
            path = self._path(file, node)
            if path is None:
                continue
            if self._stays(file, node):
                continue
            if path in _CLIENTS:
                if self.colours.clients and not isinstance(file.parent(node), ast.Call):
                    patch.replace(node, "AsyncClient")
                    patch.need(f"from {self.client} import AsyncClient")
                continue
            name, statement = RENAMED[path]
            patch.replace(node, name)
            self._import(file, patch, node, statement)
        self._quoted(file, patch)

    def _import(
        self, file: ReviewedFile, patch: Patch, node: ast.expr, statement: str
    ) -> None:
        """Import a class where the one that it replaces is imported."""
        known = isinstance(node, ast.Name) and _checking_import(file, node.id)
        if not known:
            patch.need(statement)
            return
        start, end = patch.span(known)
        space = " " * (start - (patch.source.text.rfind("\n", 0, start) + 1))
        text = f"\n{space}{statement}"
        if not any(c.start == end and c.text == text for c in patch.changes):
            patch.insert(end, text)

    def _path(self, file: ReviewedFile, node: ast.expr) -> str | None:
        static = self.review.static(file, node)
        for atom in static or ():
            if isinstance(atom, Wrapped) and atom.kind == "subscript" and atom.value:
                continue
            if isinstance(atom, External) and (
                atom.path in RENAMED or atom.path in _CLIENTS
            ):
                return atom.path
        return None

    def _stays(self, file: ReviewedFile, node: ast.expr) -> bool:
        if self.colours.in_sync_zone(file, node):
            return True
        parent = file.parent(node)
        if isinstance(parent, ast.ClassDef):
            return True
        if isinstance(parent, ast.Attribute):
            return False
        return isinstance(parent, ast.Call) and last(parent.func) in (
            "listens_for",
            "listen",
        )

    def _quoted(self, file: ReviewedFile, patch: Patch) -> None:
        """Replace the classes in annotations that are texts."""
        known: dict[str, str] = {}
        for imported in file.nodes(ast.ImportFrom):
            for alias in imported.names:
                path = f"{imported.module}.{alias.name}"
                if path in RENAMED or (path in _CLIENTS and self.colours.clients):
                    known[alias.asname or alias.name] = path
        if not known:
            return
        for annotation in _annotations(file):
            for inner in ast.walk(annotation):
                if not (
                    isinstance(inner, ast.Constant) and isinstance(inner.value, str)
                ):
                    continue
                if self.colours.in_sync_zone(file, inner):
                    continue
                text = patch.original(inner)
                changed = text
                for name, path in known.items():
                    new, statement = RENAMED.get(
                        path, ("AsyncClient", f"from {self.client} import AsyncClient")
                    )
                    found = re.sub(rf"\b{re.escape(name)}\b", new, changed)
                    if found != changed:
                        changed = found
                        at = ast.Name(name, ast.Load())
                        self._import(file, patch, at, statement)
                if changed != text:
                    patch.replace(inner, changed)

    # -- sessions --------------------------------------------------------------------

    def _sessions(self, file: ReviewedFile, patch: Patch) -> None:
        """Have sessions keep their objects' values after a commit."""
        for call in file.nodes(ast.Call):
            if self.colours.in_sync_zone(file, call):
                continue
            path = self._path(file, call.func)
            if path is None or path in _CLIENTS:
                continue
            name, _ = RENAMED[path]
            if name in ("AsyncSession", "async_sessionmaker"):
                self._keyword(patch, call, "expire_on_commit", "False")
                for keyword in call.keywords:
                    if keyword.arg in ("autocommit", "future", "query_cls"):
                        self._drop(patch, call, keyword)
            elif name == "async_scoped_session":
                self._keyword(patch, call, "scopefunc", "asyncio.current_task")
                patch.need("import asyncio")

    def _keyword(self, patch: Patch, call: ast.Call, name: str, value: str) -> None:
        for keyword in call.keywords:
            if keyword.arg == name:
                patch.replace(keyword.value, value)
                return
            if keyword.arg is None:
                return
        add_argument(patch, call, f"{name}={value}")

    def _drop(self, patch: Patch, call: ast.Call, keyword: ast.keyword) -> None:
        text = patch.source.text
        start, end = patch.span(keyword)
        after = re.compile(r"\s*,\s*").match(text, end)
        if after is not None:
            patch.replace_span(start, after.end(), "")
            return
        before = re.compile(r",\s*\Z").search(text[:start])
        patch.replace_span(before.start() if before else start, end, "")

    def _listeners(self, file: ReviewedFile, patch: Patch) -> None:
        """Have listeners listen to the engine below the asynchronous one."""
        for call in file.nodes(ast.Call):
            if last(call.func) not in ("listens_for", "listen") or not call.args:
                continue
            target = call.args[0]
            kind = self.values.kind(file, target)
            if kind == "engine":
                patch.wrap(target, "", ".sync_engine")
            elif kind == "session":
                patch.wrap(target, "", ".sync_session")
            elif kind in ("factory", "registry"):
                patch.replace(target, "Session")
                patch.need("from sqlalchemy.orm import Session")

    # -- with ------------------------------------------------------------------------

    def _withs(self, operations: list[Operation]) -> None:
        awaited: dict[ast.AST, ReviewedFile] = {}
        items: set[ast.withitem] = set()
        for operation in operations:
            if operation.what == "with" and operation.item is not None:
                statement = operation.file.parent(operation.item)
                if isinstance(statement, ast.With):
                    awaited[statement] = operation.file
                    items.add(operation.item)
        for statement, file in awaited.items():
            assert isinstance(statement, ast.With)
            patch = self.patches[file]
            if all(item in items for item in statement.items):
                patch.insert(patch.span(statement)[0], "async ")
            else:
                _split_with(patch, statement, items)


def _split_with(patch: Patch, statement: ast.With, awaited: set[ast.withitem]) -> None:
    """Nest the asynchronous contexts of a `with` and the others in each other."""
    text = patch.source.text
    start, _ = patch.span(statement)
    column = start - (text.rfind("\n", 0, start) + 1)
    runs: list[tuple[bool, list[str]]] = []
    for item in statement.items:
        first = patch.span(item.context_expr)[0]
        end = patch.span(item.optional_vars or item.context_expr)[1]
        if item.optional_vars is None:
            end = patch.span(item.context_expr)[1]
        shown = patch.render(first, end)
        is_async = item in awaited
        if runs and runs[-1][0] == is_async:
            runs[-1][1].append(shown)
        else:
            runs.append((is_async, [shown]))
    head = ""
    for depth, (is_async, shown_items) in enumerate(runs):
        if depth:
            head += "\n" + " " * (column + 4 * depth)
        inner = ", ".join(shown_items)
        if len(shown_items) > 1 or "\n" in inner:
            inner = f"({inner})"
        head += f"{'async ' if is_async else ''}with {inner}:"
    last_item = statement.items[-1]
    end = patch.span(last_item.optional_vars or last_item.context_expr)[1]
    body_start = patch.span(statement.body[0])[0]
    colon = text.rindex(":", end, body_start) + 1
    patch.replace_span(start, colon, head)
    shift(patch, statement.body, 4 * (len(runs) - 1))
    indent(patch, statement.body, 4 * (len(runs) - 1))


def shift(patch: Patch, body: list[ast.stmt], width: int) -> None:
    """Move the new lines that changes bring into statements to the right."""
    start, end = patch.span(body[0])[0], patch.span(body[-1])[1]
    patch.shift(start, end, width)


def indent(patch: Patch, body: list[ast.stmt], width: int) -> None:
    """Move the lines of statements to the right; lines within texts stay."""
    kept: set[int] = set()
    for statement in body:
        for inner in ast.walk(statement):
            if isinstance(inner, (ast.Constant, ast.JoinedStr)) and isinstance(
                getattr(inner, "value", ""), str
            ):
                first: int = getattr(inner, "lineno", 0)
                final: int = getattr(inner, "end_lineno", 0) or first
                kept.update(range(first + 1, final + 1))
    begin = min(
        [
            body[0].lineno,
            *(d.lineno for d in getattr(body[0], "decorator_list", ())),
        ]
    )
    end = body[-1].end_lineno or body[-1].lineno
    for line in range(begin, end + 1):
        if line in kept or not patch.source.lines[line - 1].strip():
            continue
        patch.insert(patch.offset(line, 0), " " * width, 1)


def add_argument(patch: Patch, call: ast.Call, argument: str) -> None:
    """Add an argument at the end of a call."""
    text = patch.source.text
    _, end = patch.span(call)
    close = end - 1
    given = [*call.args, *(k.value for k in call.keywords)]
    if not given:
        patch.insert(close, argument)
        return
    stop = max(patch.span(value)[1] for value in given)
    comma = text.find(",", stop, close)
    if comma >= 0 and "#" not in text[stop:comma]:
        newline = "\n" in text[comma:close]
        column = len(text[: patch.span(given[-1])[0]].rpartition("\n")[2])
        lead = text[: patch.span(given[-1])[0]].rpartition("\n")[2]
        space = lead[: len(lead) - len(lead.lstrip())] if column else ""
        patch.insert(comma + 1, f"\n{space}{argument}," if newline else f" {argument}")
    else:
        patch.insert(stop, f", {argument}")


def _checking_import(file: ReviewedFile, name: str) -> ast.ImportFrom | None:
    """Return the import of a name that only type checkers see."""
    for statement in file.nodes(ast.ImportFrom):
        if any((alias.asname or alias.name) == name for alias in statement.names):
            block = file.parent(statement)
            if isinstance(block, ast.If) and last(block.test) == "TYPE_CHECKING":
                return statement
            return None
    return None


def _size(node: ast.AST) -> tuple[int, int]:
    line: int = getattr(node, "lineno", 0)
    end: int = getattr(node, "end_lineno", 0) or line
    width = (getattr(node, "end_col_offset", 0) or 0) - getattr(node, "col_offset", 0)
    return end - line, width


def _contains(outer: ast.AST, inner: ast.AST) -> bool:
    return any(node is inner for node in ast.walk(outer))


def _returns_value(node: FunctionNode) -> bool:
    return any(
        isinstance(inner, ast.Return) and inner.value is not None
        for inner in ast.walk(node)
    )


def _annotations(file: ReviewedFile) -> Iterator[ast.expr]:
    for function in file.functions():
        for argument, _ in parameters(function):
            if argument.annotation is not None:
                yield argument.annotation
        if function.returns is not None:
            yield function.returns
    for node in file.nodes(ast.AnnAssign):
        yield node.annotation
