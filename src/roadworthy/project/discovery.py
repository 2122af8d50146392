"""Python source files below a folder, as git and the usual tools would see them."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from roadworthy.findings import Unread
from roadworthy.project.errors import ProjectError
from roadworthy.project.patterns import IgnoreFile, parse_patterns

NEVER_SOURCE = frozenset(
    {
        ".bzr",
        ".direnv",
        ".eggs",
        ".git",
        ".hg",
        ".hypothesis",
        ".ipynb_checkpoints",
        ".mypy_cache",
        ".nox",
        ".pants.d",
        ".pyenv",
        ".pytest_cache",
        ".pytype",
        ".roadworthy_cache",
        ".ruff_cache",
        ".svn",
        ".tox",
        ".venv",
        ".vscode",
        "__pycache__",
        "__pypackages__",
        "node_modules",
        "site-packages",
        "dist-packages",
    }
)
"""Names of folders that hold no source of the project."""

MAYBE_SOURCE = frozenset({"_build", "buck-out", "build", "dist", "env", "venv"})
"""Names of folders that hold none unless they are packages (with `__init__.py`)."""

PROJECT_MARKERS = frozenset(
    {
        "Pipfile",
        "alembic.ini",
        "manage.py",
        "poetry.lock",
        "pyproject.toml",
        "requirements.txt",
        "setup.cfg",
        "setup.py",
        "uv.lock",
    }
)
"""Files whose folder is a project of its own, perhaps one of several in a repository."""


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file to check: its place, and what tells whether it has changed.

    `relative` is the path from the checked folder, with `/`. `size` is in bytes,
    `mtime_ns` in nanoseconds since the epoch.
    """

    path: Path
    relative: str
    size: int
    mtime_ns: int


@dataclass(frozen=True, slots=True)
class Discovery:
    """The result of a walk.

    `files` are ordered by path. `unread` are folders and files that could not be looked
    at. `project_folders` are folders (relative, with `/`, empty for the root itself)
    that hold a project file such as `pyproject.toml`.
    """

    root: Path
    files: tuple[SourceFile, ...]
    unread: tuple[Unread, ...]
    project_folders: tuple[str, ...]


def discover(
    path: Path, exclude: Iterable[str] = (), base: Path | None = None
) -> Discovery:
    """Return the Python files at or below a path.

    What git ignores is left out, and so are virtual environments, caches and built
    files; a path that is itself ignored is walked all the same. `exclude` are further
    patterns of `.gitignore`, relative to `base` (by default the walk's start). Links
    are followed only where they lead to another part of the same repository, so that
    there are neither loops nor ways out of it.

    Raises:
        ProjectError: the path does not exist, or cannot be looked at.
    """
    status = require(path)
    # Other programs, which work in folders of their own, are told of these files.
    path = Path(os.path.abspath(path))
    if not stat.S_ISDIR(status.st_mode):
        if not stat.S_ISREG(status.st_mode):
            raise ProjectError(f"{path}: neither a folder nor a regular file")
        file = SourceFile(path, path.name, status.st_size, status.st_mtime_ns)
        return Discovery(path.parent, (file,), (), ())
    if not os.access(path, os.R_OK | os.X_OK):
        raise ProjectError(f"{path}: this folder cannot be read (permission denied)")
    return _Walk(path, exclude, base).result()


def require(path: Path) -> os.stat_result:
    """Return the status of a path that is to be checked.

    Raises:
        ProjectError: the path does not exist, or cannot be looked at.
    """
    try:
        return path.stat()
    except FileNotFoundError:
        raise ProjectError(
            f"{path}: no such file or folder; give the folder of the service"
        ) from None
    except (OSError, ValueError) as error:
        raise ProjectError(f"{path}: cannot be looked at ({_reason(error)})") from None


def _reason(error: Exception) -> str:
    if isinstance(error, OSError) and error.strerror:
        return error.strerror[:1].lower() + error.strerror[1:]
    return str(error)


class _Walk:
    def __init__(self, root: Path, exclude: Iterable[str], base: Path | None) -> None:
        self._root = root
        self._files: list[SourceFile] = []
        self._unread: list[Unread] = []
        self._project_folders: list[str] = []
        self._real_root = os.path.realpath(root)
        self._repository = _repository_top(self._real_root)
        self._linked: set[str] = set()
        # Where the walk starts, seen from the folder that outer patterns belong to.
        self._outer = _outer_ignores(self._real_root, self._repository)
        base_path = os.path.realpath(base) if base else self._real_root
        start = os.path.relpath(self._real_root, base_path).replace(os.sep, "/")
        self._exclude_prefix = (
            "" if start in (".", "") or start[:2] == ".." else start + "/"
        )
        self._exclude = parse_patterns(exclude)

    def result(self) -> Discovery:
        # A stack of its own: folders may be nested deeper than Python recurses.
        stack: list[tuple[str, str, tuple[IgnoreFile, ...]]] = [
            (str(self._root), "", ())
        ]
        while stack:
            stack.extend(self._folder(*stack.pop()))
        self._files.sort(key=lambda file: file.relative)
        return Discovery(
            self._root,
            tuple(self._files),
            tuple(self._unread),
            tuple(sorted(self._project_folders)),
        )

    def _folder(
        self, folder: str, prefix: str, ignores: tuple[IgnoreFile, ...]
    ) -> list[tuple[str, str, tuple[IgnoreFile, ...]]]:
        """Take a folder's files; return its subfolders that are to be walked."""
        try:
            with os.scandir(folder) as scan:
                entries = {entry.name: entry for entry in scan}
        except OSError as error:
            message = f"this folder cannot be read ({_reason(error)}); nothing below it was checked"
            self._unread.append(Unread(prefix.rstrip("/") or ".", 1, message))
            return []
        if prefix and ("pyvenv.cfg" in entries or "conda-meta" in entries):
            return []
        if prefix.rstrip("/").rpartition("/")[2] in MAYBE_SOURCE and (
            "__init__.py" not in entries
        ):
            return []
        if not PROJECT_MARKERS.isdisjoint(entries):
            self._project_folders.append(prefix.rstrip("/"))
        if ".gitignore" in entries:
            ignores = (
                *ignores,
                _read_ignores(os.path.join(folder, ".gitignore"), prefix),
            )
        below: list[tuple[str, str, tuple[IgnoreFile, ...]]] = []
        for name, entry in entries.items():
            relative = prefix + name
            try:
                linked = entry.is_symlink()
                is_folder = entry.is_dir()
                # Links last: resolving one costs several calls to the system.
                if is_folder:
                    if name in NEVER_SOURCE or name.endswith(".egg-info"):
                        continue
                elif not name.endswith(".py"):
                    continue
                if self._is_excluded(relative, is_folder, ignores):
                    continue
                if linked and not self._follows(entry.path):
                    continue
                if is_folder:
                    below.append((entry.path, relative + "/", ignores))
                    continue
                status = entry.stat()
            except OSError as error:
                self._unread.append(
                    Unread(relative, 1, f"this file cannot be read ({_reason(error)})")
                )
                continue
            if stat.S_ISREG(status.st_mode):
                self._files.append(
                    SourceFile(
                        Path(entry.path), relative, status.st_size, status.st_mtime_ns
                    )
                )
        return below

    def _is_excluded(
        self, relative: str, is_folder: bool, ignores: tuple[IgnoreFile, ...]
    ) -> bool:
        if self._exclude.verdict(self._exclude_prefix + relative, is_folder):
            return True
        for ignore in reversed(ignores):
            verdict = ignore.verdict(relative, is_folder)
            if verdict is not None:
                return verdict
        for prefix, ignore in self._outer:
            verdict = ignore.verdict(prefix + relative, is_folder)
            if verdict is not None:
                return verdict
        return False

    def _follows(self, link: str) -> bool:
        """Tell whether a link leads to a part of the repository not walked otherwise."""
        target = os.path.realpath(link)
        if _is_below(target, self._real_root) or _is_below(self._real_root, target):
            return False
        if not _is_below(target, self._repository) or target in self._linked:
            return False
        self._linked.add(target)
        return True


def _is_below(path: str, folder: str) -> bool:
    return path == folder or path.startswith(folder.rstrip(os.sep) + os.sep)


def _repository_top(folder: str) -> str:
    """Return the folder with `.git` at or above a folder, or the folder itself."""
    for candidate in (Path(folder), *Path(folder).parents):
        if (candidate / ".git").exists():
            return str(candidate)
    return folder


def _read_ignores(file: str, prefix: str) -> IgnoreFile:
    try:
        with open(file, encoding="utf-8", errors="replace") as stream:
            return parse_patterns(stream, prefix)
    except OSError:
        return IgnoreFile(prefix, ())


def _outer_ignores(root: str, repository: str) -> list[tuple[str, IgnoreFile]]:
    """Return the patterns above the walk's start, the nearest first.

    Each comes with the path from its folder to the start. There are none where they
    exclude the start itself: who names an ignored folder wants it checked.
    """
    found: list[tuple[str, IgnoreFile]] = []
    if not _is_below(root, repository):
        return found
    folder = root
    while folder != repository:
        folder = os.path.dirname(folder)
        prefix = os.path.relpath(root, folder).replace(os.sep, "/") + "/"
        found.append((prefix, _read_ignores(os.path.join(folder, ".gitignore"), "")))
    prefix = "" if root == repository else found[-1][0]
    own = os.path.join(repository, ".git", "info", "exclude")
    found.append((prefix, _read_ignores(own, "")))
    for prefix, ignore in found:
        parts = prefix.rstrip("/").split("/") if prefix else []
        ways = ("/".join(parts[: count + 1]) for count in range(len(parts)))
        if any(ignore.verdict(way, True) for way in ways):
            return []
    return found
