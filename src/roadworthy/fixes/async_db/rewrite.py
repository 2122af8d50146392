"""The edits that make functions asynchronous and await what they ask of the database."""

from __future__ import annotations

import ast
import re

from roadworthy.fixes.async_db import queries, selects
from roadworthy.fixes.async_db.colour import Colours
from roadworthy.fixes.async_db.islands import Islands
from roadworthy.fixes.async_db.layout import split_with
from roadworthy.fixes.async_db.operations import (
    STREAMED,
    Colouring,
    Operation,
    bind_of,
    is_context_manager,
    is_generator,
    last,
    loops_over,
)
from roadworthy.fixes.async_db.patch import Patch
from roadworthy.fixes.async_db.renaming import SQLALCHEMY, Renamer
from roadworthy.fixes.async_db.twins import Twins
from roadworthy.fixes.async_db.values import Values, parameters
from roadworthy.rules.files import FunctionNode, ReviewedFile

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
        twins: Twins,
    ) -> None:
        self.values = values
        self.engine = engine
        """The application's engine: the file that makes it, and its name."""
        self.review = values.review
        self.colours = colours
        self.colouring = colouring
        self.patches = patches
        self.islands = Islands(values, colouring)
        self.renamer = Renamer(values, colours, colouring, self.islands, twins, client)

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
            for session in self.colouring.handed:
                if session in file.nodes(ast.Name, ast.Attribute):
                    self.islands.hand_over(patch, file, session)
        for file, patch in self.patches.items():
            self.renamer.write(file, patch)
            self._offloaded(file, patch)
            self._dunders(file, patch)
        self._withs(waiting)
        if any(operation.what == "late" for operation in waiting):
            self._late_classes()

    def _late_classes(self) -> None:
        """Give the classes whose relationships stay lazy `awaitable_attrs`."""
        for file, patch in self.patches.items():
            for cls in file.nodes(ast.ClassDef):
                if self.colours.late.owns(file, cls) and cls.bases:
                    patch.insert(patch.span(cls.bases[0])[0], "AsyncAttrs, ")
                    patch.need(SQLALCHEMY + "AsyncAttrs")

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
        patch.need_from(owner.module.name, name)
        return name

    # -- operations ------------------------------------------------------------------

    def _operation(self, operation: Operation) -> None:
        patch, file, node = self.patches[operation.file], operation.file, operation.node
        if self.islands.is_inside(file, node):
            self.islands.write(patch, operation)
            return
        self._generator_expressions(patch, file, node)
        if operation.what == "enter":
            self.islands.enter(patch, file, node)
        elif operation.what in ("call", "function"):
            self._await(patch, file, node)
        elif operation.what == "chain":
            chain = self.colouring.chains[node]
            used = not isinstance(file.parent(chain.whole), ast.Expr)
            if selects.convert(patch, chain, used):
                loop = queries.use_of(file, chain).iterated
                assert isinstance(loop, ast.For)
                patch.insert(patch.span(loop)[0], "async ")
        elif operation.what == "run sync":
            chain = self.colouring.chains[node]
            reason = chain.trouble
            if selects.by_run_sync(patch, chain):
                reason += ": the query stays as it is, in `run_sync`"
            self.colours.obstacle(file, node, reason)
        elif operation.what == "bulk":
            assert isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
            start, end = patch.span(node)
            _, session_end = patch.span(node.func.value)
            session = patch.render(start, session_end)
            if self.values.kind(file, node.func.value) == "registry":
                session += "()"
            inner = patch.render(session_end, end)
            patch.replace_span(
                start, end, f"await {session}.run_sync(lambda session: session{inner})"
            )
        elif operation.what == "late":
            assert isinstance(node, ast.Attribute)
            _, end = patch.span(node)
            patch.insert(end - len(node.attr), "awaitable_attrs.")
            self._await(patch, file, node)
        elif operation.what == "stream":
            assert isinstance(node, ast.Call)
            name = STREAMED[last(node.func)]
            self._rename_reference(patch, node.func, name)
            self._await(patch, file, node)
            for loop in loops_over(file, node):
                patch.insert(patch.span(loop)[0], "async ")
        elif operation.what == "stack":
            assert isinstance(node, ast.Call)
            self._rename_reference(patch, node.func, "enter_async_context")
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
            if root in executed or not chain.info.session:
                continue
            if self.islands.is_inside(chain.file, root):
                self.islands.chain(self.patches[chain.file], chain)
                continue
            if chain.trouble:
                continue
            if queries.executes(chain.file, chain):
                # Its function stays synchronous.
                continue
            selects.convert(self.patches[chain.file], chain, True)

    # -- with ------------------------------------------------------------------------

    def _withs(self, operations: list[Operation]) -> None:
        awaited: dict[ast.AST, ReviewedFile] = {}
        items: set[ast.withitem] = set()
        for operation in operations:
            if operation.what == "with" and operation.item is not None:
                if self.islands.is_inside(operation.file, operation.node):
                    continue
                statement = operation.file.parent(operation.item)
                if isinstance(statement, ast.With):
                    awaited[statement] = operation.file
                    items.add(operation.item)
        for statement, file in awaited.items():
            assert isinstance(statement, ast.With)
            patch = self.patches[file]
            for item in items.intersection(statement.items):
                self._context_class(patch, item.context_expr)
            if all(item in items for item in statement.items):
                patch.insert(patch.span(statement)[0], "async ")
            else:
                split_with(patch, statement, items)

    def _context_class(self, patch: Patch, node: ast.expr) -> None:
        """Use the asynchronous counterpart of a class of `contextlib`."""
        if isinstance(node, ast.Call):
            new = {"ExitStack": "AsyncExitStack", "closing": "aclosing"}.get(
                last(node.func)
            )
            if new is not None:
                self._rename_reference(patch, node.func, new)
                if isinstance(node.func, ast.Name):
                    patch.need(f"from contextlib import {new}")


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
