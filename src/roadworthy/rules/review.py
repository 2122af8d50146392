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
_VENDORED = frozenset(
    {"vendor", "_vendor", "vendored", "_vendored", "third_party", "thirdparty"}
)
"""Folders of other projects' code, kept as it came: its faults are theirs to mend."""


def _holds_tests(file: ReviewedFile) -> bool:
    """Whether a module is one of tests, whatever its name: it defines a `TestCase`."""
    return file.mentions("TestCase") and any(
        isinstance(base, (ast.Name, ast.Attribute))
        and (base.id if isinstance(base, ast.Name) else base.attr) in _TEST_CASES
        for node in file.nodes(ast.ClassDef)
        for base in node.bases
    )


_TEST_CASES = frozenset({"TestCase", "IsolatedAsyncioTestCase"})

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
        sources: Sources,
        library_folders: tuple[Path, ...] = (),
    ) -> None:
        files = {
            file.path: self._reviewed(file.path, file.relative)
            for file in discovery.files
        }
        super().__init__(evaluator, framework, files)
        self.settings = settings
        self._tests = parse_patterns(settings.tests)
        self.application = application
        self._walked: Walked | None = None
        self._calls: CallGraph | None = None
        self.root = discovery.root
        self.sources = sources
        self.library_folders = library_folders
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

    @property
    def walked(self) -> Walked:
        """What is reached from the application's entry points."""
        assert self._walked is not None, "the application has not been walked yet"
        return self._walked

    @property
    def _graph(self) -> CallGraph:
        assert self._calls is not None, "the application has not been walked yet"
        return self._calls

    def complete(self, walked: Walked, graph: CallGraph) -> None:
        """Add what the walk found: the rules may be checked from now on."""
        self._walked = walked
        self._calls = graph

    # -- files -----------------------------------------------------------------------

    @property
    def all_files(self) -> tuple[ReviewedFile, ...]:
        """Every Python file of the project."""
        return tuple(self._files.values())

    @property
    def files(self) -> tuple[ReviewedFile, ...]:
        """Files that an application reaches by imports; no tests, no migrations, and
        nothing that was copied from another project."""
        return self.once(Review._application_files)

    @property
    def test_files(self) -> tuple[ReviewedFile, ...]:
        """Files that the settings call tests, in order of their paths."""
        return self.once(Review._test_files)

    def _test_files(self) -> tuple[ReviewedFile, ...]:
        return tuple(file for file in self._files.values() if self.is_test(file))

    def is_test(self, file: ReviewedFile) -> bool:
        """Whether a file is a test, by the patterns of the settings."""
        parts = file.relative.split("/")
        ways = ["/".join(parts[: count + 1]) for count in range(len(parts))]
        return any(self._tests.verdict(way, way != ways[-1]) for way in ways)

    def is_application_file(self, file: ReviewedFile) -> bool:
        """Whether a file is one of `files`."""
        return file in self.once(Review._file_set)

    def _file_set(self) -> frozenset[ReviewedFile]:
        return frozenset(self.files)

    def _application_files(self) -> tuple[ReviewedFile, ...]:
        starts = [r.place.module for r in self.application.routers if r.is_application]
        if not starts:
            starts = [router.place.module for router in self.application.routers]
        # What completes an application from outside is run by a server too.
        for router in self.application.routers:
            if router.is_application:
                starts += [inclusion.place.module for inclusion in router.inclusions]
                starts += [hook.place.module for hook in router.hooks]
        # Modules that are imported by a name made at run time are known by their routes.
        starts += [
            route.declaration.place.module
            for route in self.application.routes
            if route.application.is_application
            and not self._is_aside(route.application.place.module)
        ]
        starts = [
            module
            for module in dict.fromkeys(starts)
            if not module.is_library and not self._is_aside(module)
        ]
        reached = imports.reached(self.evaluator, starts)
        return tuple(
            file
            for path, file in self._files.items()
            if path in reached
            and not self._is_aside(reached[path])
            and _VENDORED.isdisjoint(file.relative.split("/")[:-1])
        )

    def _is_aside(self, module: Module) -> bool:
        file = self._files.get(module.path)
        if file is None or self.is_test(file) or _holds_tests(file):
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
        return self.once(Review._handlers)

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
        return self.once(Review._handlers_by_function).get(function)

    def _handlers_by_function(self) -> dict[FunctionInfo, Handler]:
        table: dict[FunctionInfo, Handler] = {}
        for handler in self.handlers():
            table.setdefault(handler.function, handler)
            table.setdefault(handler.atom.function, handler)
        return table

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
        return self.once(Review._major_version, package)

    def _major_version(self, package: str) -> int | None:
        return versions.major(
            package,
            self.library_folders,
            self.root,
            (file.source.text for file in self._files.values() if file.source),
        )

    def required_major_version(self, package: str) -> int | None:
        """Return the major version of a library that the project itself asks for."""
        return self.once(Review._required_major_version, package)

    def _required_major_version(self, package: str) -> int | None:
        return versions.required_major(package, self.root)

    @property
    def oldest_python(self) -> tuple[int, int] | None:
        """The oldest Python that the project says it runs on; None if it says none."""
        return self.once(Review._oldest_python)

    def _oldest_python(self) -> tuple[int, int] | None:
        return versions.oldest_python(self.root)

    # -- reachability ----------------------------------------------------------------

    def _reached(self) -> dict[FunctionInfo, Handler]:
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
        return self._graph.reached(starts)

    def meet(self, function: FunctionInfo) -> None:
        """Evaluate the calls of a function that the run did not, after all routes'."""
        self.once(Review._reached)
        self._recorder.met(function)

    def is_reached(self, function: FunctionInfo) -> bool:
        """Whether a function is on a path from a route: its handler, its dependencies,
        or what these call, at any depth."""
        return function in self.once(Review._reached)

    def entry_of(self, function: FunctionInfo) -> Handler | None:
        """Return a handler from which a function is reached."""
        return self.once(Review._reached).get(function)

    def callers(self, function: FunctionInfo) -> tuple[FunctionInfo, ...]:
        """Return the functions that call a function (as far as routes reach)."""
        self.once(Review._reached)
        return self._graph.callers(function)

    def called(self, function: FunctionInfo) -> tuple[FunctionInfo, ...]:
        """Return the functions that a function calls or starts."""
        self.once(Review._reached)
        return self._graph.callees(function)

    def reached_functions(
        self, file: ReviewedFile
    ) -> Iterator[tuple[FunctionNode, FunctionInfo]]:
        """Yield the definitions in a file that are on a path from a route."""
        reached = self.once(Review._reached)
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
        column = self.sources.column(file.path, position.line, position.column)
        end = self.sources.column(file.path, position.end_line, position.end_column)
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
