"""What a rule reads: files, the application, values of expressions, who reaches what."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from roadworthy.app.model import Application, Place, Route, RouteDeclaration, Router
from roadworthy.findings import Entry, Finding, Fix, Severity, Step
from roadworthy.project.discovery import Discovery
from roadworthy.project.patterns import parse_patterns
from roadworthy.rules import imports, versions
from roadworthy.rules.base import Rule
from roadworthy.rules.callgraph import CallGraph
from roadworthy.rules.files import FunctionNode, ReviewedFile
from roadworthy.rules.handlers import (
    DependencyUse,
    Handler,
    HandlerParameter,
    Injection,
)
from roadworthy.rules.knowledge import Knowledge
from roadworthy.syntax.code import Position
from roadworthy.syntax.source import SourceFile, UnreadableSource, read_source
from roadworthy.values.atoms import (
    Function,
)
from roadworthy.values.program import FunctionInfo, Module

if TYPE_CHECKING:
    from roadworthy.app.framework import FastAPIFramework
    from roadworthy.effects.walk import Walked
    from roadworthy.project.config import Settings
    from roadworthy.rules.event_loop.report import Sources
    from roadworthy.values.evaluator import Evaluator

_MIGRATIONS = frozenset({"alembic", "migrations"})

At = ast.AST | Place | Position | int
"""Where a finding stands: a node, a place of the application model, or a line."""


class Review(Knowledge):
    """A checked project. Rules never parse, and never resolve a name themselves."""

    def __init__(
        self,
        *,
        settings: Settings,
        discovery: Discovery,
        evaluator: Evaluator,
        framework: FastAPIFramework,
        application: Application,
        walked: Walked,
        sources: Sources,
        graph: CallGraph,
        library_folders: tuple[Path, ...] = (),
    ) -> None:
        files = {
            file.path: self._reviewed(file.path, file.relative)
            for file in discovery.files
        }
        super().__init__(evaluator, framework, files)
        self.settings = settings
        self.application = application
        self.walked = walked
        self._discovery = discovery
        self._sources = sources
        self._graph = graph
        self._library_folders = library_folders
        self._injection = Injection(evaluator, framework)
        self.notes: list[str] = []
        """What a rule could not do, for the report: one line each."""

    def _reviewed(self, path: Path, relative: str) -> ReviewedFile:
        def read() -> SourceFile | None:
            try:
                return read_source(path)
            except UnreadableSource:
                return None

        def module() -> Module | None:
            return self.evaluator.program.project_module_at(path)

        return ReviewedFile(path, relative, read, module)

    # -- files -----------------------------------------------------------------------

    @property
    def all_files(self) -> tuple[ReviewedFile, ...]:
        """Every Python file of the project."""
        return tuple(self._files.values())

    @property
    def files(self) -> tuple[ReviewedFile, ...]:
        """Files that an application reaches by imports; no tests and no migrations."""
        known = self._kept.get("files")
        if known is None:
            known = self._kept["files"] = self._application_files()
        return known  # type: ignore[return-value]

    @property
    def test_files(self) -> tuple[ReviewedFile, ...]:
        """Files that the settings call tests, in order of their paths."""
        known = self._kept.get("tests")
        if known is None:
            known = self._kept["tests"] = tuple(
                file for file in self._files.values() if self.is_test(file)
            )
        return known  # type: ignore[return-value]

    def is_test(self, file: ReviewedFile) -> bool:
        """Whether a file is a test, by the patterns of the settings."""
        patterns = self._kept.get("patterns")
        if patterns is None:
            patterns = self._kept["patterns"] = parse_patterns(self.settings.tests)
        parts = file.relative.split("/")
        ways = ["/".join(parts[: count + 1]) for count in range(len(parts))]
        return any(
            patterns.verdict(way, way != ways[-1])  # type: ignore[attr-defined]
            for way in ways
        )

    def is_application_file(self, file: ReviewedFile) -> bool:
        """Whether a file is one of `files`."""
        known = self._kept.get("file set")
        if known is None:
            known = self._kept["file set"] = frozenset(self.files)
        return file in known  # type: ignore[operator]

    def _application_files(self) -> tuple[ReviewedFile, ...]:
        starts = [r.place.module for r in self.application.routers if r.is_application]
        if not starts:
            starts = [router.place.module for router in self.application.routers]
        # What completes an application from outside is run by a server too.
        for router in self.application.routers:
            if router.is_application:
                starts += [inclusion.place.module for inclusion in router.inclusions]
                starts += [hook.place.module for hook in router.hooks]
        starts = [
            module
            for module in dict.fromkeys(starts)
            if not module.is_library and not self._is_aside(module)
        ]
        reached = imports.reached(self.evaluator, starts)
        return tuple(
            file
            for path, file in self._files.items()
            if path in reached and not self._is_aside(reached[path])
        )

    def _is_aside(self, module: Module) -> bool:
        file = self._files.get(module.path)
        if file is None or self.is_test(file):
            return True
        return not _MIGRATIONS.isdisjoint(file.relative.split("/")[:-1])

    # -- the application -------------------------------------------------------------

    @property
    def applications(self) -> list[Router]:
        """The project's `FastAPI` (and Starlette) objects, outside tests."""
        return [
            router
            for router in self.application.routers
            if router.is_application and not self._is_aside(router.place.module)
        ]

    @property
    def routes(self) -> list[Route]:
        """All routes; a router that is included twice gives each of its routes twice."""
        return self.application.routes

    def handlers(self) -> list[Handler]:
        """Return the handlers in application files, one for each declaration."""
        known = self._kept.get("handlers")
        if known is None:
            known = self._kept["handlers"] = self._handlers()
        return known  # type: ignore[return-value]

    def _handlers(self) -> list[Handler]:
        found: dict[tuple[RouteDeclaration, FunctionInfo], Handler] = {}
        for route in self.application.routes:
            for atom in self._injection.functions_of(route.handler):
                signature = self._injection.framework.signature(atom)
                key = (route.declaration, signature.function)
                handler = found.get(key)
                if handler is None:
                    file = self.file_of(signature.function.module)
                    node = self.node_of(signature.function)
                    if (
                        file is None
                        or node is None
                        or self._is_aside(route.declaration.place.module)
                    ):
                        continue
                    handler = found[key] = Handler(
                        route.declaration, atom, signature, file, node
                    )
                handler.routes.append(route)
        return list(found.values())

    def handler_of(self, function: FunctionInfo) -> Handler | None:
        """Return the (first) handler that a function is."""
        known = self._kept.get("handler of")
        if known is None:
            table: dict[FunctionInfo, Handler] = {}
            for handler in self.handlers():
                table.setdefault(handler.function, handler)
                table.setdefault(handler.atom.function, handler)
            known = self._kept["handler of"] = table
        return known.get(function)  # type: ignore[attr-defined, no-any-return]

    def parameters(self, handler: Handler) -> list[HandlerParameter]:
        """Return a handler's parameters as FastAPI reads them."""
        path = handler.path + handler.declaration.path
        return self._injection.parameters(handler.signature, path, handler.node)

    def parameters_of(
        self, function: Function, path: str = ""
    ) -> list[HandlerParameter]:
        """Return the parameters of a dependency, as FastAPI reads them."""
        signature = self._injection.framework.signature(function)
        node = self.node_of(signature.function)
        return self._injection.parameters(signature, path, node)

    def dependencies(self, of: Route | Handler | Function) -> tuple[DependencyUse, ...]:
        """Return all that a route (handler, function) depends on, at every level.

        For a route: the application's, the routers', the inclusions', the decorator's
        and the parameters' dependencies, and what these depend on in turn. For a
        handler, those of its first route.
        """
        if isinstance(of, Handler):
            of = of.routes[0]
        if isinstance(of, Route):
            return self._injection.dependencies(of)
        return self._injection.dependencies_of(of)

    def major_version(self, package: str) -> int | None:
        """Return the major version of a library: installed, required, or as imported."""
        key = f"major {package}"
        if key not in self._kept:
            self._kept[key] = versions.major(
                package,
                self._library_folders,
                self._discovery.root,
                (file.source.text for file in self._files.values() if file.source),
            )
        return self._kept[key]  # type: ignore[return-value]

    def required_major_version(self, package: str) -> int | None:
        """Return the major version of a library that the project itself asks for."""
        key = f"required {package}"
        if key not in self._kept:
            self._kept[key] = versions.required_major(package, self._discovery.root)
        return self._kept[key]  # type: ignore[return-value]

    @property
    def oldest_python(self) -> tuple[int, int] | None:
        """The oldest Python that the project says it runs on; None if it says none."""
        if "oldest python" not in self._kept:
            oldest = versions.oldest_python(self._discovery.root)
            self._kept["oldest python"] = oldest
        return self._kept["oldest python"]  # type: ignore[return-value]

    # -- reachability ----------------------------------------------------------------

    def _reached(self) -> dict[FunctionInfo, Handler]:
        known = self._kept.get("reached")
        if known is None:
            starts: list[tuple[FunctionInfo, Handler]] = []
            for handler in self.handlers():
                starts.append((handler.atom.function, handler))
                starts.append((handler.function, handler))
            for handler in self.handlers():
                for use in self.dependencies(handler):
                    starts.extend((f.function, handler) for f in use.functions)
            for function, _ in starts:
                self._recorder.met(function)
            self._graph.finish()
            known = self._kept["reached"] = self._graph.reached(starts)
        return known  # type: ignore[return-value]

    def is_reached(self, function: FunctionInfo) -> bool:
        """Whether a function is on a path from a route: its handler, its dependencies,
        or what these call, at any depth."""
        return function in self._reached()

    def entry_of(self, function: FunctionInfo) -> Handler | None:
        """Return a handler from which a function is reached."""
        return self._reached().get(function)

    def callers(self, function: FunctionInfo) -> tuple[FunctionInfo, ...]:
        """Return the functions that call a function (as far as routes reach)."""
        self._reached()
        return self._graph.callers(function)

    def called(self, function: FunctionInfo) -> tuple[FunctionInfo, ...]:
        """Return the functions that a function calls or starts."""
        self._reached()
        return self._graph.callees(function)

    def reached_functions(
        self, file: ReviewedFile
    ) -> Iterator[tuple[FunctionNode, FunctionInfo]]:
        """Yield the definitions in a file that are on a path from a route."""
        reached = self._reached()
        for node in file.functions():
            info = self.function_info(file, node)
            if info is not None and info in reached:
                yield node, info

    # -- findings --------------------------------------------------------------------

    def finding(
        self,
        rule: Rule,
        file: ReviewedFile,
        at: At,
        message: str,
        *,
        instead: str | None = None,
        severity: Severity | None = None,
        entry: Handler | Entry | None = None,
        chain: Iterable[Step] = (),
        fix: Fix | None = None,
    ) -> Finding:
        """Return a finding of a rule at a place of a file."""
        position = _position(at)
        column = self._sources.column(file.path, position.line, position.column)
        end = self._sources.column(file.path, position.end_line, position.end_column)
        return Finding(
            rule=rule.code,
            name=rule.name,
            severity=severity or ("advice" if rule.advice else rule.severity),
            path=file.relative,
            line=position.line,
            column=column,
            end_line=position.end_line,
            end_column=end,
            message=message,
            why=rule.why,
            instead=instead or rule.instead,
            entry=self._entry(entry) if isinstance(entry, Handler) else entry,
            chain=tuple(chain),
            fix=fix,
        )

    def route_finding(
        self,
        rule: Rule,
        handler: Handler,
        message: str,
        *,
        instead: str | None = None,
        severity: Severity | None = None,
        fix: Fix | None = None,
    ) -> Finding:
        """Return a finding on a route: it stands on the first line of its decorator."""
        file = self.file_of(handler.place.module) or handler.file
        return self.finding(
            rule,
            file,
            handler.place,
            message,
            instead=instead,
            severity=severity,
            entry=handler,
            fix=fix,
        )

    def _entry(self, handler: Handler) -> Entry:
        return Entry(
            kind="route",
            label=handler.label,
            function=handler.function.qualified_name,
            path=handler.file.relative,
            line=handler.node.lineno,
        )


def _position(at: At) -> Position:
    if isinstance(at, Position):
        return at
    if isinstance(at, Place):
        return at.position
    if isinstance(at, int):
        return Position(at, 1, at, 1)
    line, column = getattr(at, "lineno", 1), getattr(at, "col_offset", 0) + 1
    body = getattr(at, "body", None)
    if isinstance(body, list):
        # A statement with a block: only its head.
        return Position(line, column, line, column)
    end_line = getattr(at, "end_lineno", None) or line
    end_column = getattr(at, "end_col_offset", None)
    return Position(line, column, end_line, (end_column or column - 1) + 1)
