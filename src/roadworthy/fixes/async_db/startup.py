"""Database work that modules do as they are imported, and the applications' lifespan."""

from __future__ import annotations

import ast
from dataclasses import dataclass

from roadworthy.fixes.async_db.layout import add_argument, indent, shift
from roadworthy.fixes.async_db.operations import Colouring, Obstacle, Operation, last
from roadworthy.fixes.async_db.patch import Patch
from roadworthy.fixes.async_db.values import Values
from roadworthy.rules.files import FunctionNode, ReviewedFile, own_nodes


@dataclass(frozen=True, slots=True)
class Prepared:
    """A function that an application has to await when it starts."""

    file: ReviewedFile
    name: str


class Startup:
    """Writes what runs at import into functions, and has them run in a loop."""

    def __init__(
        self,
        values: Values,
        colouring: Colouring,
        patches: dict[ReviewedFile, Patch],
        engine: tuple[ReviewedFile, str] | None,
    ) -> None:
        self.values = values
        self.review = values.review
        self.colouring = colouring
        self.patches = patches
        self.obstacles: list[Obstacle] = []
        self.has_lifespan = False
        """Whether the application has a lifespan, of its own or a new one."""
        self.adds_lifespan = False
        self.engine = engine
        """The engine of the application: the file that makes it, and its name."""

    def write(self) -> None:
        """Write the module-level work of all files, and the lifespans."""
        prepared: list[Prepared] = []
        for file in self.patches:
            operations = self.colouring.operations.get(file.tree)
            if operations:
                prepared += self._module(file, operations)
        self._lifespan(prepared)

    # -- modules ---------------------------------------------------------------------

    def _module(
        self, file: ReviewedFile, operations: list[Operation]
    ) -> list[Prepared]:
        tops: dict[ast.stmt, list[Operation]] = {}
        for operation in operations:
            top = self._top(file, operation.item or operation.node)
            if top is not None:
                tops.setdefault(top, []).append(operation)
        prepared: list[Prepared] = []
        waiting: list[ast.stmt] = []
        runs: list[list[ast.stmt]] = []
        for statement in file.tree.body:
            if statement in tops and not _is_main(statement):
                waiting.append(statement)
            elif waiting:
                runs.append(waiting)
                waiting = []
            if statement in tops and _is_main(statement):
                assert isinstance(statement, ast.If)
                self._main(file, statement, tops[statement])
        if waiting:
            runs.append(waiting)
        serves = self.review.is_application_file(file)
        for number, run in enumerate(runs):
            name = "prepare_database" + (f"_{number + 1}" if number else "")
            if len(run) == 1 and _is_lone_call(run[0], tops[run[0]]):
                patch = self.patches[file]
                if not serves:
                    call = tops[run[0]][0].node
                    self._run(patch, call)
                    continue
            if all(_is_create(o) for s in run for o in tops[s]):
                name = name.replace("prepare_database", "create_tables")
            self._wrap(file, run, name)
            if serves:
                prepared.append(Prepared(file, name))
            else:
                patch = self.patches[file]
                patch.need("import asyncio")
                patch.insert(patch.span(run[-1])[1], f"\n\n\nasyncio.run({name}())")
        return prepared

    def _run(self, patch: Patch, call: ast.expr) -> None:
        """Turn `await main()` into `asyncio.run(main())`."""
        for change in list(patch.changes):
            if change.start == change.end == patch.span(call)[0] and (
                change.text == "await "
            ):
                patch.changes.remove(change)
                break
        patch.wrap(call, "asyncio.run(", ")")
        patch.need("import asyncio")

    def _top(self, file: ReviewedFile, node: ast.AST) -> ast.stmt | None:
        for around in (node, *file.ancestors(node)):
            if isinstance(around, ast.stmt) and file.parent(around) is file.tree:
                return around
        return None

    def _main(
        self, file: ReviewedFile, block: ast.If, operations: list[Operation]
    ) -> None:
        patch = self.patches[file]
        if len(operations) == 1:
            statement = file.statement_of(operations[0].node)
            if statement in block.body and _is_lone_call(statement, operations):
                self._run(patch, operations[0].node)
                return
        start, _ = patch.span(block.body[0])
        column = start - (patch.source.text.rfind("\n", 0, start) + 1)
        space = " " * column
        name = "main"
        if any(
            isinstance(s, (ast.FunctionDef, ast.AsyncFunctionDef)) and s.name == name
            for s in file.tree.body
        ):
            name = "run_main"
        shift(patch, block.body, 4)
        patch.insert(start - column, f"\n{space}async def {name}() -> None:\n", 2)
        indent(patch, block.body, 4)
        end = patch.span(block.body[-1])[1]
        patch.insert(end, f"\n\n{space}asyncio.run({name}())")
        patch.need("import asyncio")

    def _wrap(self, file: ReviewedFile, run: list[ast.stmt], name: str) -> None:
        patch = self.patches[file]
        start, _ = patch.span(run[0])
        bound = sorted(
            {
                target.id
                for statement in run
                if isinstance(statement, (ast.Assign, ast.AnnAssign, ast.AugAssign))
                for target in ast.walk(statement)
                if isinstance(target, ast.Name) and isinstance(target.ctx, ast.Store)
            }
        )
        used = [n for n in bound if self._is_used_outside(file, run, n)]
        head = f"async def {name}() -> None:\n"
        if used:
            head += f"    global {', '.join(used)}\n"
            self.obstacles.append(
                Obstacle(
                    file,
                    run[0],
                    f"`{used[0]}` is now set when the application starts, not at import",
                )
            )
        before = patch.source.text[:start].rstrip()
        gap = patch.source.text[len(before) : start].count("\n")
        shift(patch, run, 4)
        patch.insert(start, "\n" * max(0, 3 - gap) + head, 2)
        indent(patch, run, 4)

    def _is_used_outside(
        self, file: ReviewedFile, run: list[ast.stmt], name: str
    ) -> bool:
        inside = {node for statement in run for node in ast.walk(statement)}
        return any(
            node.id == name and node not in inside for node in file.nodes(ast.Name)
        )

    # -- lifespans -------------------------------------------------------------------

    def _lifespan(self, prepared: list[Prepared]) -> None:
        applications = self.review.applications
        made: list[tuple[ReviewedFile, ast.Call]] = []
        for router in applications:
            file = self.review.file_of(router.place.module)
            if file is None or file not in self.patches:
                continue
            position = router.place.position
            start = (position.line, position.column - 1)
            made.extend(
                (file, call)
                for call in file.nodes(ast.Call)
                if (call.lineno, call.col_offset) == start
            )
        if not made:
            for item in prepared:
                self.obstacles.append(
                    Obstacle(
                        item.file,
                        item.file.tree,
                        f"await `{item.name}()` in the lifespan of the application",
                    )
                )
            return
        file, call = made[0]
        existing = next((k.value for k in call.keywords if k.arg == "lifespan"), None)
        if existing is not None:
            self.has_lifespan = True
            for other, node in self.values.functions_at(file, existing):
                self._extend(other, node, prepared)
                return
            return
        if any(
            f.mentions("on_event(", "add_event_handler", "on_startup")
            for f in self.review.files
        ):
            self.has_lifespan = True
            if prepared:
                self._on_event(file, call, prepared)
            return
        if not prepared and self.engine is None:
            return
        if any(k.arg is None for k in call.keywords):
            for item in prepared:
                self.obstacles.append(
                    Obstacle(
                        item.file,
                        item.file.tree,
                        f"await `{item.name}()` in the lifespan of the application",
                    )
                )
            return
        self._new(file, call, prepared)

    def _calls(self, file: ReviewedFile, prepared: list[Prepared]) -> list[str]:
        patch = self.patches[file]
        found = []
        for item in prepared:
            if item.file is not file and item.file.module is not None:
                patch.need_from(item.file.module.name, item.name)
            found.append(f"await {item.name}()")
        return found

    def _dispose(self, file: ReviewedFile) -> str:
        """Return the statement that closes the engine's connections; empty for none."""
        if self.engine is None:
            return ""
        owner, name = self.engine
        if owner is not file:
            if owner.module is None or any(
                node.id == name for node in file.nodes(ast.Name)
            ):
                known = self.values.review.static(file, ast.Name(name, ast.Load()))
                if owner.module is None or known is None:
                    return ""
            self.patches[file].need_from(owner.module.name, name)
        return f"await {name}.dispose()"

    def _new(
        self, file: ReviewedFile, call: ast.Call, prepared: list[Prepared]
    ) -> None:
        patch = self.patches[file]
        top = self._top(file, call)
        if top is None or any(
            isinstance(s, (ast.FunctionDef, ast.AsyncFunctionDef))
            and s.name == "lifespan"
            for s in file.tree.body
        ):
            return
        name = last(call.func)
        body = [*self._calls(file, prepared), "yield"]
        dispose = self._dispose(file)
        if dispose:
            body.append(dispose)
        start, _ = patch.span(top)
        for decorator in getattr(top, "decorator_list", ()):
            start = min(
                start, patch.source.text.rindex("@", 0, patch.span(decorator)[0])
            )
        lines = "".join(f"    {line}\n" for line in body)
        text = (
            f"@asynccontextmanager\nasync def lifespan(_: {name}) -> "
            f"AsyncIterator[None]:\n{lines}\n\n"
        )
        before = patch.source.text[:start].rstrip()
        gap = patch.source.text[len(before) : start].count("\n")
        patch.insert(start, "\n" * max(0, 3 - gap) + text)
        add_argument(patch, call, "lifespan=lifespan")
        patch.need("from collections.abc import AsyncIterator")
        patch.need("from contextlib import asynccontextmanager")
        self.has_lifespan = self.adds_lifespan = True

    def _extend(
        self, file: ReviewedFile, node: FunctionNode, prepared: list[Prepared]
    ) -> None:
        patch = self.patches.get(file)
        if patch is None:
            return
        for inner in own_nodes(node):
            if not (isinstance(inner, ast.Expr) and isinstance(inner.value, ast.Yield)):
                continue
            start, _ = patch.span(inner)
            space = " " * (start - (patch.source.text.rfind("\n", 0, start) + 1))
            for line in self._calls(file, prepared):
                patch.insert(start, f"{line}\n{space}")
            if file.parent(inner) is node and not any(
                isinstance(n, ast.Attribute) and n.attr == "dispose"
                for n in own_nodes(node)
            ):
                dispose = self._dispose(file)
                if dispose:
                    final = patch.span(node.body[-1])[1]
                    patch.insert(final, f"\n{space}{dispose}")
            return

    def _on_event(
        self, file: ReviewedFile, call: ast.Call, prepared: list[Prepared]
    ) -> None:
        statement = file.statement_of(call)
        if not (isinstance(statement, ast.Assign) and len(statement.targets) == 1):
            return
        patch = self.patches[file]
        target = patch.original(statement.targets[0])
        start, end = patch.span(statement)
        space = " " * (start - (patch.source.text.rfind("\n", 0, start) + 1))
        lines = "".join(f"\n{space}    {line}" for line in self._calls(file, prepared))
        patch.insert(
            end,
            f'\n\n\n{space}@{target}.on_event("startup")\n'
            f"{space}async def start_database() -> None:{lines}\n",
        )


def _is_main(statement: ast.stmt) -> bool:
    """Whether a statement is `if __name__ == "__main__":`."""
    return isinstance(statement, ast.If) and any(
        isinstance(node, ast.Name) and node.id == "__name__"
        for node in ast.walk(statement.test)
    )


def _is_lone_call(statement: ast.stmt, operations: list[Operation]) -> bool:
    return (
        len(operations) == 1
        and operations[0].what == "function"
        and isinstance(statement, ast.Expr)
        and statement.value is operations[0].node
    )


def _is_create(operation: Operation) -> bool:
    return operation.what == "metadata"
