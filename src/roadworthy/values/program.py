"""The modules, classes and functions that the evaluator meets, and where imports lead."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable
from collections.abc import Mapping as MappingType
from dataclasses import dataclass, field
from pathlib import Path

from roadworthy.syntax import code as c
from roadworthy.syntax.code import Code, Node
from roadworthy.values.atoms import Environment, Value


@dataclass(eq=False, slots=True)
class Module:
    """A module whose source is read, of the project or of an installed library."""

    name: str
    path: Path
    is_package: bool
    is_library: bool
    code: Code | None = None
    environment: Environment = field(default_factory=lambda: Environment(None))
    state: str = "unloaded"
    """``unloaded``, ``running`` or ``done``; library modules stay ``lazy``."""
    index: dict[str, list[Node]] | None = None
    """Top-level statements that bind a name, for lazily read modules."""
    pending: set[str] = field(default_factory=set)
    reassigned: frozenset[str] = frozenset()
    """Module-level names that functions assign (`global`)."""

    @property
    def package(self) -> str:
        """The package that relative imports start from."""
        return self.name if self.is_package else self.name.rpartition(".")[0]


_ERRORS = ("Error", "Exception", "Warning")
_ROWS = ("sqlalchemy.", "peewee.", "django.db.", "mongoengine.", "tortoise.", "beanie.")


@dataclass(eq=False, slots=True)
class FunctionInfo:
    """A function definition."""

    code: Code
    module: Module
    cls: ClassInfo | None
    contexts: int = 0
    """How many different argument values it was evaluated with."""

    @property
    def qualified_name(self) -> str:
        """Dotted name, from the module on."""
        return f"{self.module.name}.{self.code.qualified_name}"


@dataclass(eq=False, slots=True)
class ClassInfo:
    """A class definition with its evaluated namespace."""

    name: str
    module: Module
    code: Code
    bases: tuple[Value, ...]
    namespace: dict[str, Value]
    annotations: dict[str, Node]
    environment: Environment
    mro: tuple[ClassInfo | str, ...] = ()
    """Method resolution order; library classes that are not read are dotted names."""
    variables: dict[str, Value] = field(default_factory=dict)
    """What the type variables of generic bases stand for in this class."""
    parameters: tuple[str, ...] = ()
    """The class's own type variables, in order."""
    subclasses: list[ClassInfo] = field(default_factory=list)
    is_dataclass: bool = False
    metaclass: Value = ()
    decorators: tuple[Value, ...] = ()
    kinds: int = 0
    """How many instances were told apart so far."""
    seen: set[object] = field(default_factory=set)
    declared: ClassInfo | None = None
    """The class that type checkers are told stands here (`if TYPE_CHECKING: … else:`)."""
    keywords: dict[str, Value] = field(default_factory=dict)
    """Keywords of the `class` statement, such as `table=True`."""

    @property
    def qualified_name(self) -> str:
        """Dotted name, from the module on."""
        return f"{self.module.name}.{self.code.qualified_name}"

    @property
    def is_model(self) -> bool:
        """Whether fields get their values from outside: Pydantic models, settings."""
        return any(
            base.startswith(("pydantic.", "sqlmodel.", "pydantic_settings."))
            for base in self.library_bases()
        )

    @property
    def is_protocol(self) -> bool:
        """Whether it says what other classes must have, without being their base."""
        return any(base.endswith(".Protocol") for base in self.library_bases())

    @property
    def is_plain(self) -> bool:
        """Whether instances only carry data: Pydantic models and exceptions."""
        return any(
            base.startswith(("pydantic.", "sqlmodel."))
            or (base.startswith("builtins.") and base.endswith(_ERRORS))
            for base in self.library_bases()
        )

    @property
    def is_record(self) -> bool:
        """Whether instances are data: plain ones, and rows of a database."""
        return self.is_plain or any(
            base.startswith(_ROWS) for base in self.library_bases()
        )

    @property
    def has_truth_method(self) -> bool:
        """Whether instances may be false in a test."""
        for base in self.mro:
            if isinstance(base, str):
                if base.partition(".")[0] not in {"abc", "typing", "enum", "pydantic"}:
                    return True
            elif "__bool__" in base.namespace or "__len__" in base.namespace:
                return True
        return False

    def library_bases(self) -> tuple[str, ...]:
        """Dotted names of the bases that are not read."""
        return tuple(base for base in self.mro if isinstance(base, str))

    def find(self, name: str) -> tuple[ClassInfo, Value] | None:
        """Return the class of the MRO whose namespace holds `name`, and the value."""
        for base in self.mro:
            if not isinstance(base, str) and name in base.namespace:
                return base, base.namespace[name]
        return None

    def all_subclasses(self) -> Iterable[ClassInfo]:
        """Yield the classes below this one, each once."""
        seen: set[int] = set()
        waiting = list(self.subclasses)
        while waiting:
            cls = waiting.pop()
            if id(cls) in seen:
                continue
            seen.add(id(cls))
            yield cls
            waiting.extend(cls.subclasses)


class Program:
    """Finds modules by dotted name: the project's files first, then installed ones."""

    def __init__(
        self,
        project_modules: MappingType[str, Path],
        library_folders: Iterable[Path],
        load: Callable[[Path, bool], Code | None],
        may_read: Callable[[str], bool],
    ) -> None:
        self._load = load
        self._may_read = may_read
        self._project = dict(project_modules)
        self._names: dict[Path, str] = {}
        """The first name of each file."""
        for name, path in self._project.items():
            self._names.setdefault(path, name)
        self._library_folders = tuple(library_folders)
        self._listings: dict[Path, frozenset[str]] = {}
        self._by_path: dict[Path, Module] = {}
        self._by_name: dict[str, Module | None] = {}
        self._namespaces: set[str] = set()
        for name in self._project:
            parent = name.rpartition(".")[0]
            while parent:
                self._namespaces.add(parent)
                parent = parent.rpartition(".")[0]
        self._top_levels = {name.partition(".")[0] for name in self._project}
        self._folders = _folders_of(self._names)
        self._sought: set[tuple[str, Path]] = set()

    def look_beside(self, name: str, importer: Path) -> None:
        """Let a name that nothing else has stand for a neighbour of the importing file.

        A script's own folder is on its path, and so is a folder that it puts there or
        that the service is started in: those above it, up to the checked one.
        """
        top = name.partition(".")[0]
        if top in self._top_levels or (top, importer.parent) in self._sought:
            return
        self._sought.add((top, importer.parent))
        if not self._may_read(name) or self._is_installed(top):
            return
        for folder in importer.parents:
            if folder not in self._folders:
                break
            module, package = folder / f"{top}.py", folder / top
            if package in self._folders:
                self._adopt(top, folder, package)
                return
            if module in self._names and module != importer:
                self._adopt(top, folder, module)
                return

    def _is_installed(self, top: str) -> bool:
        return self._library_path(top) is not None or self.library_folder_exists(top)

    def _adopt(self, top: str, folder: Path, found: Path) -> None:
        for path in tuple(self._names):
            if path == found or found in path.parents:
                parts = list(path.relative_to(folder).with_suffix("").parts)
                if parts[-1] == "__init__":
                    parts.pop()
                name = ".".join(parts)
                self._project.setdefault(name, path)
                self._by_name.pop(name, None)
                while parts:
                    parts.pop()
                    self._namespaces.add(".".join(parts))
        self._namespaces.discard("")
        self._top_levels.add(top)

    def is_project(self, name: str) -> bool:
        """Whether a dotted name is a module or package of the project."""
        return name in self._project or name in self._namespaces

    def is_namespace(self, name: str) -> bool:
        """Whether the name is a folder of the project without `__init__.py`."""
        return name in self._namespaces and name not in self._project

    def submodules(self, package: str) -> list[str]:
        """Return the project's modules directly below a package, by name."""
        start = f"{package}."
        return sorted(
            name
            for name in self._project
            if name.startswith(start) and "." not in name[len(start) :]
        )

    def modules(self) -> Iterable[Module]:
        """Yield the modules met so far."""
        return tuple(self._by_path.values())

    def project_names(self) -> Iterable[str]:
        """Return the dotted name of each of the project's files; nothing is read."""
        return self._names.values()

    def project_module_at(self, path: Path) -> Module | None:
        """Return the project's module in a file."""
        known = self._by_path.get(path)
        if known is not None:
            return known
        name = self._names.get(path)
        return self.find(name) if name is not None else None

    def find(self, name: str) -> Module | None:
        """Return the module of that dotted name if its source is to be read."""
        if name in self._by_name:
            return self._by_name[name]
        found: Module | None = None
        path = self._project.get(name)
        if path is not None:
            found = self._module(name, path, False)
        elif name.partition(".")[0] not in self._top_levels and self._may_read(name):
            library_path = self._library_path(name)
            if library_path is not None:
                found = self._module(name, library_path, True)
        self._by_name[name] = found
        return found

    def _module(self, name: str, path: Path, is_library: bool) -> Module | None:
        known = self._by_path.get(path)
        if known is not None:
            return known
        code = self._load(path, is_library)
        if code is None:
            return None
        module = Module(name, path, path.name == "__init__.py", is_library, code)
        module.reassigned = code.global_names
        self._by_path[path] = module
        return module

    def _library_path(self, name: str) -> Path | None:
        package, _, last = name.rpartition(".")
        relative = package.replace(".", "/")
        for folder in self._library_folders:
            where = folder / relative if relative else folder
            names = self._names_in(where)
            if last in names:
                path = where / last / "__init__.py"
                if path.is_file():
                    return path
            if f"{last}.py" in names:
                path = where / f"{last}.py"
                if path.is_file():
                    return path
        return None

    def _names_in(self, folder: Path) -> frozenset[str]:
        """Return what a library's folder holds: most names that are looked for are not."""
        known = self._listings.get(folder)
        if known is None:
            try:
                with os.scandir(folder) as scan:
                    known = frozenset(entry.name for entry in scan)
            except (OSError, ValueError):
                known = frozenset()
            self._listings[folder] = known
        return known

    def library_folder_exists(self, name: str) -> bool:
        """Whether a package of this name is installed, namespace packages included."""
        relative = name.replace(".", "/")
        return any((folder / relative).is_dir() for folder in self._library_folders)


def _folders_of(paths: Iterable[Path]) -> frozenset[Path]:
    """Return the folders that hold files, from the one that holds all of them down."""
    chains = {path.parent: frozenset(path.parents) for path in paths}
    if not chains:
        return frozenset()
    common = frozenset.intersection(*chains.values())
    above = {parent for folder in common for parent in folder.parents}
    return frozenset().union(*chains.values()) - above


STANDARD_LIBRARY = frozenset(sys.stdlib_module_names) | {"__future__"}


def index_statements(body: Iterable[Node]) -> dict[str, list[Node]]:
    """Return which top-level statements bind which name; `*` for star imports."""
    index: dict[str, list[Node]] = {}

    def bind(name: str, node: Node) -> None:
        index.setdefault(name, []).append(node)

    def targets(node: Node, statement: Node) -> None:
        if node[0] == c.NAME:
            bind(node[1], statement)
        elif node[0] == c.SEQUENCE:
            for element in node[2]:
                targets(element, statement)

    def visit(statements: Iterable[Node]) -> None:
        for statement in statements:
            kind = statement[0]
            if kind == c.DEF:
                bind(statement[1][0], statement)
            elif kind == c.CLASS:
                bind(statement[1], statement)
            elif kind == c.ASSIGN:
                for target in statement[1]:
                    targets(target, statement)
            elif kind == c.ANN_ASSIGN:
                targets(statement[1], statement)
            elif kind == c.IMPORT:
                for name, alias in statement[1]:
                    bind(alias or name.partition(".")[0], statement)
            elif kind == c.IMPORT_FROM:
                for name, alias in statement[3]:
                    bind(alias or name, statement)
            elif kind == c.IF:
                visit(statement[2])
                visit(statement[3])
            elif kind == c.TRY:
                visit(statement[1])
                for handler in statement[2]:
                    visit(handler[2])
                visit(statement[3])
                visit(statement[4])
            elif kind == c.WITH:
                visit(statement[2])

    visit(body)
    return index
