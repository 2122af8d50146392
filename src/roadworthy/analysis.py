"""The analysis of a project: from files on disk to a report, nothing remembered."""

from __future__ import annotations

import gc
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from roadworthy import lifetime, rules
from roadworthy.app.build import Builder
from roadworthy.app.framework import FastAPIFramework
from roadworthy.app.model import Application
from roadworthy.effects.lookup import Catalogue
from roadworthy.effects.walk import Walked, walk
from roadworthy.findings import Finding, Report, Unread, Unresolved
from roadworthy.fixes.attach import attach
from roadworthy.project.config import Settings
from roadworthy.project.discovery import Discovery
from roadworthy.project.environment import Environment
from roadworthy.project.modules import ModuleIndex
from roadworthy.rules import registry
from roadworthy.rules.callgraph import CallGraph
from roadworthy.rules.event_loop import report as event_loop
from roadworthy.rules.review import Review
from roadworthy.syntax.code import (
    ATTR,
    CALL,
    CONST,
    DEF,
    FOR,
    IF,
    NAME,
    RETURN,
    TRY,
    WHILE,
    WITH,
    Code,
)
from roadworthy.syntax.source import UnreadableSource
from roadworthy.syntax.store import CodeStore
from roadworthy.syntax.worker import Ahead
from roadworthy.types import AskedAhead, TyEngine, TypeEngineUnavailable
from roadworthy.values.atoms import ClassAtom, Function, Wrapped, forget_all
from roadworthy.values.calls import Arguments
from roadworthy.values.evaluator import Evaluator
from roadworthy.values.frames import Frame
from roadworthy.values.program import STANDARD_LIBRARY, Module, Program
from roadworthy.values.questions import Questions

Progress = Callable[[str, int, int], None]

_LARGE = 1_000_000
"""Bytes of source from which on a second process pays."""
_STACK = 512 * 1024 * 1024
_RECURSION = 60_000
_MARKERS = (
    b"FastAPI",
    b"APIRouter",
    b"Starlette",
    # What completes an application that another module makes.
    b".include_router(",
    b".add_middleware(",
)
_MAKERS = frozenset({"FastAPI", "Starlette", "APIRouter"})

T = TypeVar("T")


def analyse(
    discovery: Discovery,
    settings: Settings,
    environment: Environment | None,
    progress: Progress | None,
    store: CodeStore | None = None,
) -> Report:
    """Evaluate the discovered files and report what would hurt in production.

    `store` is where code is kept between runs, if anywhere.
    """
    return _on_large_stack(
        lambda: _Run(discovery, settings, environment, progress, store).report()
    )


def load(
    discovery: Discovery,
    settings: Settings,
    environment: Environment | None,
    progress: Progress | None,
    use: Callable[[Review], T],
) -> tuple[T, tuple[Unread, ...], tuple[str, ...]]:
    """Evaluate the discovered files and hand the application, walked, to `use`.

    Returns what `use` makes of it, the files that could not be read, and remarks on
    the run. `use` runs where the evaluator's depth has room: whatever it keeps must
    not ask the review for more later.
    """

    def work() -> tuple[T, tuple[Unread, ...], tuple[str, ...]]:
        run = _Run(discovery, settings, environment, progress)
        result = use(run.review())
        return result, tuple(run.unread.values()), tuple(run.notes)

    return _on_large_stack(work)


def _on_large_stack(work: Callable[[], T]) -> T:
    """Run deeply recursive work in a thread whose stack is large enough for it."""
    outcome: list[T] = []
    failure: list[BaseException] = []

    def target() -> None:
        try:
            outcome.append(work())
        except BaseException as error:
            failure.append(error)

    # Millions of tuples are made and kept: looking through them for cycles, again and
    # again, would take a third of the time.
    collects = gc.isenabled()
    gc.disable()
    limit = sys.getrecursionlimit()
    size = threading.stack_size(_STACK)
    try:
        sys.setrecursionlimit(_RECURSION)
        thread = threading.Thread(target=target, name="roadworthy")
        thread.start()
        thread.join()
    finally:
        threading.stack_size(size)
        sys.setrecursionlimit(limit)
        if collects:
            gc.enable()
    if failure:
        raise failure[0]
    return outcome[0]


@dataclass(slots=True)
class Loaded:
    """What loading and evaluating the project gave."""

    discovery: Discovery
    evaluator: Evaluator
    framework: FastAPIFramework
    application: Application


class _Run:
    """The state of one run."""

    def __init__(
        self,
        discovery: Discovery,
        settings: Settings,
        environment: Environment | None,
        progress: Progress | None,
        store: CodeStore | None = None,
    ) -> None:
        lifetime.keep(self)
        self.store = store or CodeStore()
        self.discovery = discovery
        self.settings = settings
        self.progress = progress or (lambda stage, done, total: None)
        self.unread: dict[Path, Unread] = {}
        self.notes: list[str] = []
        self.seconds: dict[str, float] = {}
        self.figures: dict[str, int] = {}
        self.parsed = 0
        self.environment = environment
        self.ahead: Ahead | None = None
        self.types = AskedAhead(self._start_types)
        self.graph: CallGraph | None = None

    def review(self) -> Review:
        """Return all that a rule may read, whether or not rules are to run."""
        _, review = self._walked()
        return review

    def _walked(self) -> tuple[Loaded, Review]:
        forget_all()
        started = time.perf_counter()
        try:
            loaded = self._load()
            review = self._review(loaded)
            if self.graph is not None:
                rules.prepare(review)
            walked = walk(loaded.evaluator, loaded.application.entries)
            if self._ask_types(loaded):
                walked = walk(loaded.evaluator, loaded.application.entries)
            review.complete(walked, self.graph or CallGraph(loaded.evaluator))
        finally:
            self._stop_types()
            if self.ahead is not None:
                self.ahead.close()
        self.notes.extend(dict.fromkeys(loaded.evaluator.faults))
        self.seconds["total"] = time.perf_counter() - started
        return loaded, review

    def report(self) -> Report:
        loaded, review = self._walked()
        lifetime.keep((loaded, review))
        sources, walked = review.sources, review.walked
        found = event_loop.findings(walked.sites, sources)
        if self.graph is not None:
            found.extend(rules.run(review))
        found = attach(review, found)
        self.notes.extend(review.notes)
        unresolved = self._unresolved(walked, sources) if self.settings.strict else ()
        stats: dict[str, int | float | str] = {
            "files": len(loaded.discovery.files),
            "read": self.parsed,
            "routes": len(loaded.application.routes),
            "entries": len(loaded.application.entries),
            "loop_functions": len(walked.functions),
            **self.figures,
            **{
                f"seconds_{stage}": round(seconds, 3)
                for stage, seconds in self.seconds.items()
            },
            "seconds": round(self.seconds["total"], 3),
        }
        return Report(
            findings=tuple(sorted(found, key=lambda f: f.sort_key)),
            unread=tuple(self.unread.values()),
            notes=tuple(self.notes),
            unresolved=unresolved,
            stats=stats,
        )

    def _review(self, loaded: Loaded) -> Review:
        return Review(
            settings=self.settings,
            discovery=loaded.discovery,
            evaluator=loaded.evaluator,
            framework=loaded.framework,
            application=loaded.application,
            sources=event_loop.Sources(loaded.discovery.root, self._library_folders()),
            library_folders=self._library_folders(),
        )

    # -- the type checker ----------------------------------------------------------

    def _start_types(self) -> TyEngine:
        """Start the type checker, in the background: the first question has come up."""
        environment = self.environment
        return TyEngine(
            self.discovery.root.resolve(),
            python=environment.prefix if environment is not None else None,
        )

    def _without_types(self, error: TypeEngineUnavailable) -> None:
        self.figures["without_types"] = 1
        self.notes.append(
            f"{error}; calls on values whose types only the type checker could tell "
            "were left out"
        )

    def _ask_types(self, loaded: Loaded) -> bool:
        """Ask what the values did not tell; return whether anything must be walked anew."""
        questions = loaded.evaluator.questions
        if not isinstance(questions, Questions) or not questions.has_some:
            return False
        started = time.perf_counter()
        try:
            asked, told = questions.settle(self.types)
            self.figures["types_asked"] = asked
            self.figures["types_told"] = told
            self.seconds["types"] = time.perf_counter() - started
            return told > 0
        except TypeEngineUnavailable as error:
            self._without_types(error)
            return False

    def _stop_types(self) -> None:
        self.types.close()

    def _library_folders(self) -> tuple[Path, ...]:
        if self.environment is None:
            return ()
        return self.environment.search_path

    def _load(self) -> Loaded:
        discovery = self.discovery
        for unread in discovery.unread:
            self.unread[discovery.root / unread.path] = unread
        catalogue = Catalogue.load(self.settings.extra_effects)
        index = ModuleIndex.build(discovery)
        names: dict[str, Path] = {}
        # A package hides a module of its name beside it, as Python has it.
        files = sorted(discovery.files, key=lambda f: f.path.name != "__init__.py")
        for file in files:
            name = index.name(file.relative)
            if name:
                names.setdefault(name, file.path)
        for file in files:
            # A file may be imported from any root above it.
            for root in index.roots:
                prefix = f"{root}/" if root else ""
                if file.relative.startswith(prefix):
                    below = file.relative[len(prefix) :].removesuffix(".py")
                    parts = below.split("/")
                    if parts[-1] == "__init__":
                        parts.pop()
                    if parts:
                        names.setdefault(".".join(parts), file.path)

        def may_read(name: str) -> bool:
            top = name.partition(".")[0]
            return top not in STANDARD_LIBRARY and not catalogue.knows_package(name)

        program = Program(names, self._library_folders(), self._code, may_read)
        self.relative = {file.path: file.relative for file in discovery.files}
        evaluator = Evaluator(program, catalogue)
        # Fixes ask for them even where no rule with a check of its own is selected.
        evaluator.notes = {}
        if registry.selected(self.settings):
            self.graph = CallGraph(evaluator)
        framework = FastAPIFramework(evaluator)
        evaluator.framework = framework
        column = event_loop.Sources(discovery.root, ()).column
        evaluator.questions = Questions(evaluator, column, self.types.expect)
        sizes = {file.path: file.size for file in discovery.files}
        if sum(sizes.values()) > _LARGE:
            unknown = self.store.unknown(sizes)
            if sum(sizes[path] for path in unknown) > _LARGE:
                # The last first: evaluation begins, more or less, with the first.
                self.ahead = Ahead(unknown[::-1])
        self._run_modules(discovery, evaluator)
        application = Builder(evaluator, framework).build()
        self._read_rest(discovery, program)
        return Loaded(discovery, evaluator, framework, application)

    def _code(self, path: Path, is_library: bool) -> Code | None:
        self.parsed += 1
        try:
            return Code(*self.store.code(path, is_library, self.ahead))
        except UnreadableSource as error:
            if not is_library:
                self._unreadable(path, error)
            return None

    def _unreadable(self, path: Path, error: UnreadableSource) -> None:
        relative = self.relative.get(path, path.name)
        self.unread[path] = Unread(relative, error.line, error.message)

    def _run_modules(self, discovery: Discovery, evaluator: Evaluator) -> None:
        texts: dict[Path, bytes] = {}
        for file in discovery.files:
            if _is_aside(file.relative):
                continue
            try:
                texts[file.path] = file.path.read_bytes()
            except OSError:
                continue
        roots: list[Module] = []
        self._run_marked(_MARKERS, texts, roots, evaluator)
        # Modules that only call a factory (`app = create_app()`) name no framework.
        for _ in range(2):
            factories = {
                function.function.code.name
                for module in roots
                for function in _functions_of(module)
                if _makes_application(function.function.code.body)
            }
            calls = tuple(f"{name}(".encode() for name in sorted(factories))
            if not self._run_marked(calls, texts, roots, evaluator):
                break
        for module in roots:
            self._run_factories(module, evaluator)

    def _run_marked(
        self,
        markers: tuple[bytes, ...],
        texts: dict[Path, bytes],
        roots: list[Module],
        evaluator: Evaluator,
    ) -> bool:
        """Run the modules whose text has a marker; return whether any was new."""
        found: list[Module] = []
        for path, text in texts.items():
            if any(marker in text for marker in markers):
                module = evaluator.program.project_module_at(path)
                if module is not None and module not in roots:
                    found.append(module)
        # What makes an application is imported first, as a server does it: where modules
        # import each other in a circle, only that order gives every name its value.
        found.sort(key=lambda module: b"FastAPI(" not in texts[module.path])
        for number, module in enumerate(found):
            self.progress("modules", number, len(found))
            evaluator.import_module(module.name)
        roots.extend(found)
        return bool(found)

    def _run_factories(self, module: Module, evaluator: Evaluator) -> None:
        """Call the functions that make applications and that nothing called yet."""
        if module.code is None:
            return
        frame = Frame(module, module.code, module.environment, None)
        functions = _functions_of(module)
        importing, evaluator.at_import = evaluator.at_import, True
        for function in functions:
            code = function.function.code
            if (
                function.function.contexts == 0
                and _returns_something(code.body)
                and _makes_application(code.body)
            ):
                evaluator.call(frame, (function,), Arguments((), {}, True), 0, None)
        evaluator.at_import = importing

    def _read_rest(self, discovery: Discovery, program: Program) -> None:
        """Read what nothing imported too, so that broken files are told."""
        known = {module.path for module in program.modules()}
        rest = [f for f in discovery.files if f.path not in known]
        for number, file in enumerate(rest):
            self.progress("reading", number, len(rest))
            if file.path in self.unread:
                continue
            try:
                self.store.check(file.path, self.ahead)
            except UnreadableSource as error:
                self._unreadable(file.path, error)

    def _unresolved(
        self, walked: Walked, sources: event_loop.Sources
    ) -> tuple[Unresolved, ...]:
        from roadworthy.syntax.code import unpack

        found = []
        for module, packed, first_line in walked.unresolved:
            position = unpack(packed, first_line)
            found.append(
                Unresolved(
                    sources.relative(module.path),
                    position.line,
                    sources.column(module.path, position.line, position.column),
                    sources.text(module.path, position),
                )
            )
        return tuple(sorted(found, key=lambda u: (u.path, u.line, u.column)))


def _is_aside(relative: str) -> bool:
    """Whether a file is a test or a migration, which no server runs."""
    parts = relative.split("/")
    name = parts[-1]
    return (
        any(
            part in ("tests", "test", "testing", "alembic", "migrations")
            for part in parts[:-1]
        )
        or name.startswith("test_")
        or name.endswith("_test.py")
        or name == "conftest.py"
    )


def _functions_of(module: Module) -> list[Function]:
    functions: list[Function] = []
    for value in list(module.environment.names.values()):
        for atom in value:
            functions.extend(_own_functions(atom, module))
    return functions


def _own_functions(atom: Any, module: Module) -> list[Function]:
    if isinstance(atom, Function) and atom.function.module is module:
        return [atom]
    if isinstance(atom, Wrapped) and atom.kind in ("cached", "static", "context"):
        return [f for part in atom.value for f in _own_functions(part, module)]
    if isinstance(atom, ClassAtom) and atom.cls.module is module:
        found: list[Function] = []
        for value in atom.cls.namespace.values():
            for part in value:
                if isinstance(part, Wrapped) and part.kind in (
                    "static",
                    "class method",
                ):
                    found.extend(
                        (
                            Function(f.function, f.closure, atom)
                            if part.kind == "class method"
                            else f
                        )
                        for f in part.value
                        if isinstance(f, Function)
                    )
        return found
    return []


def _returns_something(body: tuple[Any, ...]) -> bool:
    """Whether a function hands out what it makes; one that runs a server does not."""
    for statement in body:
        if statement[0] == RETURN:
            return bool(statement[1] != (CONST, None))
        if statement[0] in (IF, WITH, TRY, FOR, WHILE):
            for part in statement[1:]:
                if (
                    isinstance(part, tuple)
                    and part
                    and isinstance(part[0], tuple)
                    and part[0]
                    and isinstance(part[0][0], int)
                    and _returns_something(part)
                ):
                    return True
    return False


def _makes_application(body: Any) -> bool:
    """Whether statements call `FastAPI(...)` or the like, nested functions left out."""
    if not isinstance(body, tuple):
        return False
    if body and body[0] == CALL and isinstance(body[1], tuple):
        function = body[1]
        if function[0] == NAME and function[1] in _MAKERS:
            return True
        if function[0] == ATTR and function[2] in _MAKERS:
            return True
    if body and body[0] == DEF:
        return False
    return any(_makes_application(part) for part in body)


__all__ = ["Finding", "Loaded", "analyse", "load"]
