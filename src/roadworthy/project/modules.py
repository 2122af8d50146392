"""Dotted module names for files, and files for dotted module names."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from roadworthy.project.discovery import Discovery, SourceFile


def module_name(path: Path | str, root: Path | str) -> str:
    """Return the dotted name under which a file is imported from an import root.

    `app/api/users.py` is `app.api.users`, `app/__init__.py` is `app`; an
    `__init__.py` in the root itself has the empty name.

    Raises:
        ValueError: the file is not below the root.
    """
    relative = Path(path).relative_to(root)
    parts = list(relative.with_suffix("").parts)
    if parts and parts[-1] == "__init__":
        parts.pop()
    return ".".join(parts)


def import_roots(discovery: Discovery) -> tuple[str, ...]:
    """Return the folders that imports may start from, the most telling first.

    They are paths relative to the checked folder, with `/`, empty for that folder
    itself. Declared ones come first, the deeper before the shallower: folders with a
    project file, a `src` folder in one, the checked folder. Then the folders that hold
    a top-level package. A root above the checked folder (when that is itself a package)
    is written with `..`, once for each level.
    """
    packages = {
        file.relative.rpartition("/")[0]
        for file in discovery.files
        if file.relative.rpartition("/")[2] == "__init__.py"
    }
    above = _levels_above(discovery.root)
    folders = _all_folders(file.relative for file in discovery.files)
    declared = {"", *discovery.project_folders}
    declared |= {
        source
        for folder in declared
        if (source := f"{folder}/src".lstrip("/")) in folders
    }
    # Nothing in a package is a root, whatever project file may lie beside its modules.
    declared = {
        folder for folder in declared if not folder or not _in_package(folder, packages)
    }
    inferred = {
        package.rpartition("/")[0]
        for package in packages
        if package and not _in_package(package.rpartition("/")[0], packages)
    } - declared
    ups = ("/".join([".."] * above),) if above else ()
    return (
        *ups,
        *sorted(declared, key=_depth_first),
        *sorted(inferred, key=_depth_first),
    )


def _depth_first(folder: str) -> tuple[int, str]:
    return (-(folder.count("/") + 1) if folder else 0, folder)


def _in_package(folder: str, packages: set[str]) -> bool:
    """Tell whether a folder is a package or lies somewhere in one."""
    while folder:
        if folder in packages:
            return True
        folder = folder.rpartition("/")[0]
    return False


def _levels_above(folder: Path) -> int:
    """Return how many levels up the first folder is that is no package."""
    levels = 0
    current = folder.resolve()
    while (current / "__init__.py").is_file() and current.parent != current:
        current = current.parent
        levels += 1
    return levels


def _all_folders(relatives: Iterable[str]) -> set[str]:
    folders: set[str] = set()
    for relative in relatives:
        folder = relative.rpartition("/")[0]
        while folder and folder not in folders:
            folders.add(folder)
            folder = folder.rpartition("/")[0]
    return folders


@dataclass(slots=True)
class ModuleIndex:
    """Finds project files by the names that imports use.

    One dotted name may stand for several files in a repository of several services;
    the one that shares the importing file's root is meant then.
    """

    roots: tuple[str, ...]
    _files: dict[str, SourceFile] = field(default_factory=dict)
    _folders: set[str] = field(default_factory=set)
    _package: tuple[str, ...] = ()

    @classmethod
    def build(cls, discovery: Discovery) -> ModuleIndex:
        """Make the index of a walk's files."""
        roots = import_roots(discovery)
        package: tuple[str, ...] = ()
        if roots and roots[0].startswith(".."):
            package = discovery.root.resolve().parts[-(roots[0].count("..")) :]
            roots = roots[1:]
        index = cls(roots, _package=package)
        index._files = {file.relative: file for file in discovery.files}
        index._folders = _all_folders(index._files)
        return index

    def name(self, relative: str) -> str:
        """Return the dotted name by which a file is best known.

        It starts at the deepest declared root that holds the file, or at the top-level
        package where the checked folder lies inside one.
        """
        root = "" if self._package else self._home(relative)
        below = relative[len(root) :].lstrip("/")
        parts = below.removesuffix(".py").split("/")
        if parts[-1] == "__init__":
            parts.pop()
        return ".".join((*self._package, *parts))

    def find(self, name: str, importer: str | None = None) -> SourceFile | None:
        """Return the project's file for an absolute module name, if it has one.

        `importer` is the relative path of the file that imports. A package is its
        `__init__.py`; a folder without one is no file and gives None.
        """
        below = name.replace(".", "/")
        if self._package:
            own = "/".join(self._package)
            if name and (below == own or below.startswith(own + "/")):
                return self._at("", below[len(own) :].lstrip("/"))
        for root in self._roots_for(importer):
            if file := self._at(root, below):
                return file
        return None

    def find_beside(self, name: str, importer: str) -> SourceFile | None:
        """Return the file for a name as scripts import their neighbours.

        Each folder from the importing file's own up to the checked one is tried. To be
        asked only when neither `find` nor the environment knows the name, since an
        installed `redis` and a neighbour `redis.py` are told apart by nothing else.
        """
        below = name.replace(".", "/")
        folder = importer
        while folder:
            folder = folder.rpartition("/")[0]
            if file := self._at(folder, below):
                return file
        return None

    def is_namespace(self, name: str, importer: str | None = None) -> bool:
        """Tell whether a name stands for a folder of the project with no `__init__`."""
        below = name.replace(".", "/")
        return any(
            f"{root}/{below}".lstrip("/") in self._folders
            for root in self._roots_for(importer)
        )

    def _at(self, root: str, below: str) -> SourceFile | None:
        base = f"{root}/{below}".strip("/")
        for candidate in (f"{base}/__init__.py".lstrip("/"), f"{base}.py"):
            if file := self._files.get(candidate):
                return file
        return None

    def _roots_for(self, importer: str | None) -> Sequence[str]:
        if importer is None:
            return self.roots
        # Stable: the order among those that hold the importer, and among the rest, stays.
        return sorted(self.roots, key=lambda root: not _holds(root, importer))

    def _home(self, relative: str) -> str:
        return next((root for root in self.roots if _holds(root, relative)), "")


def _holds(root: str, relative: str) -> bool:
    return not root or relative.startswith(root + "/")
