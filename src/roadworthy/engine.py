"""One run over a project: from files on disk to a report."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from roadworthy.app.build import Builder
from roadworthy.app.framework import FastAPIFramework
from roadworthy.app.model import Application
from roadworthy.effects.lookup import Catalogue
from roadworthy.effects.walk import Walked, walk
from roadworthy.findings import Finding, Report, Unread, Unresolved
from roadworthy.project.config import Settings
from roadworthy.project.discovery import Discovery, discover
from roadworthy.project.environment import Environment, find_environment
from roadworthy.project.modules import ModuleIndex
from roadworthy.rules.event_loop import report as event_loop
from roadworthy.syntax.code import ATTR, CALL, DEF, NAME, Code
from roadworthy.syntax.lower import lower_module
from roadworthy.syntax.source import UnreadableSource, read_source
from roadworthy.values.atoms import ClassAtom, Function, Wrapped, forget_all
from roadworthy.values.calls import Arguments
from roadworthy.values.evaluator import Evaluator
from roadworthy.values.frames import Frame
from roadworthy.values.program import STANDARD_LIBRARY, Module, Program

Progress = Callable[[str, int, int], None]

_STACK = 512 * 1024 * 1024
_RECURSION = 60_000
_MARKERS = (b"FastAPI", b"APIRouter", b"Starlette")
_MAKERS = frozenset({"FastAPI", "Starlette", "APIRouter"})

T = TypeVar("T")


def run(root: Path, settings: Settings, progress: Progress | None) -> Report:
    """Check the project below `root` and report what would hurt in production."""
    return _on_large_stack(lambda: _Run(root, settings, progress).report())


def _on_large_stack(work: Callable[[], T]) -> T:
    """Run deeply recursive work in a thread whose stack is large enough for it."""
    outcome: list[T] = []
    failure: list[BaseException] = []

    def target() -> None:
        try:
            outcome.append(work())
        except BaseException as error:
            failure.append(error)

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
        self, root: Path, settings: Settings, progress: Progress | None
    ) -> None:
        self.root = root
        self.settings = settings
        self.progress = progress or (lambda stage, done, total: None)
        self.unread: dict[Path, Unread] = {}
        self.notes: list[str] = []
        self.seconds: dict[str, float] = {}
        self.parsed = 0
        self.environment: Environment | None = None

    def report(self) -> Report:
        forget_all()
        started = time.perf_counter()
        loaded = self._load()
        walked = walk(loaded.evaluator, loaded.application.entries)
        self.seconds["total"] = time.perf_counter() - started
        sources = event_loop.Sources(loaded.discovery.root, self._library_folders())
        found = event_loop.findings(walked.sites, sources)
        unresolved = self._unresolved(walked, sources) if self.settings.strict else ()
        stats: dict[str, int | float | str] = {
            "files": len(loaded.discovery.files),
            "read": self.parsed,
            "routes": len(loaded.application.routes),
            "entries": len(loaded.application.entries),
            "loop_functions": len(walked.functions),
            "seconds": round(self.seconds["total"], 3),
        }
        return Report(
            findings=tuple(sorted(found, key=lambda f: f.sort_key)),
            unread=tuple(self.unread.values()),
            notes=tuple(self.notes),
            unresolved=unresolved,
            stats=stats,
        )

    def _library_folders(self) -> tuple[Path, ...]:
        if self.environment is None:
            return ()
        return self.environment.search_path

    def _load(self) -> Loaded:
        discovery = discover(self.root, self.settings.exclude, self.settings.base)
        for unread in discovery.unread:
            self.unread[discovery.root / unread.path] = unread
        self.environment, note = find_environment(discovery.root, self.settings.python)
        if note:
            self.notes.append(note)
        catalogue = Catalogue.load(self.settings.extra_effects)
        index = ModuleIndex.build(discovery)
        names: dict[str, Path] = {}
        for file in discovery.files:
            name = index.name(file.relative)
            if name:
                names.setdefault(name, file.path)
        for file in discovery.files:
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
        framework = FastAPIFramework(evaluator)
        evaluator.framework = framework
        self._run_modules(discovery, evaluator)
        application = Builder(evaluator, framework).build()
        self._read_rest(discovery, program)
        return Loaded(discovery, evaluator, framework, application)

    def _code(self, path: Path, is_library: bool) -> Code | None:
        self.parsed += 1
        try:
            source = read_source(path)
            return Code(*lower_module(source.tree))
        except UnreadableSource as error:
            if not is_library:
                relative = self.relative.get(path, path.name)
                self.unread[path] = Unread(relative, error.line, error.message)
            return None
        except RecursionError:
            if not is_library:
                relative = self.relative.get(path, path.name)
                self.unread[path] = Unread(
                    relative, 1, "is nested too deeply to be checked"
                )
            return None

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
            if function.function.contexts == 0 and _makes_application(code.body):
                evaluator.call(frame, (function,), Arguments((), {}, True), 0, None)
        evaluator.at_import = importing

    def _read_rest(self, discovery: Discovery, program: Program) -> None:
        """Read what nothing imported too, so that broken files are told."""
        known = {module.path for module in program.modules()}
        rest = [f for f in discovery.files if f.path not in known]
        for number, file in enumerate(rest):
            self.progress("reading", number, len(rest))
            if file.path not in self.unread:
                try:
                    read_source(file.path)
                except UnreadableSource as error:
                    self.unread[file.path] = Unread(
                        file.relative, error.line, error.message
                    )

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


__all__ = ["Finding", "Loaded", "run"]
