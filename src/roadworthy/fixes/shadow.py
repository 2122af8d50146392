"""A copy of the project in which fixes are tried, so that it changes only when done.

The copy holds what a check reads: the Python files, and the configuration of the
project and of the folders above it up to the top of the repository.
"""

from __future__ import annotations

import dataclasses
import os
import shutil
import tempfile
from pathlib import Path
from types import TracebackType

from roadworthy.fixes import documents
from roadworthy.project.config import Settings
from roadworthy.project.discovery import NEVER_SOURCE, Discovery
from roadworthy.project.environment import find_environment

_SUFFIXES = (".toml", ".cfg", ".ini", ".txt", ".in", ".lock", ".typed", ".pth")
_LARGEST = 5_000_000
"""Bytes; a larger lock file tells nothing that a check reads."""


class Shadow:
    """The copy; it is gone when the context is left."""

    def __init__(self, discovery: Discovery, settings: Settings) -> None:
        """Copy the project that a walk found.

        Raises:
            OSError: the copy cannot be made.
        """
        self._folder = settings.folder.resolve()
        top = _top(self._folder)
        self._temporary = Path(os.path.realpath(tempfile.mkdtemp(prefix="roadworthy-")))
        self.folder = self._temporary / self._folder.relative_to(top)
        """The counterpart of the checked folder."""
        try:
            self._copy(discovery, top)
        except BaseException:
            self.close()
            raise
        environment, _ = find_environment(discovery.root, settings.python)
        config = settings.config_file
        self.settings = dataclasses.replace(
            settings,
            root=self._counterpart(settings.root.resolve(), top),
            config_file=self._counterpart(config.resolve(), top) if config else None,
            python=environment.prefix if environment else settings.python,
        )
        """The project's settings, for the copy."""

    def __enter__(self) -> Shadow:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Take the copy away."""
        shutil.rmtree(self._temporary, ignore_errors=True)

    def write(self, path: str, data: bytes | None) -> None:
        """Set a file of the copy; None takes it away."""
        target = self.folder / path
        if data is None:
            documents.remove(target)
            return
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)

    def _counterpart(self, path: Path, top: Path) -> Path:
        return self._temporary / path.relative_to(top)

    def _copy(self, discovery: Discovery, top: Path) -> None:
        # Searches for configuration end here, as they do at the project's own top.
        (self._temporary / ".git").mkdir()
        self.folder.mkdir(parents=True, exist_ok=True)
        for folder in (self._folder, *self._folder.parents):
            self._copy_configuration(folder, self._counterpart(folder, top))
            if folder == top:
                break
        for name, folders, _ in os.walk(self._folder):
            folder = Path(name)
            folders[:] = [
                below
                for below in folders
                if below not in NEVER_SOURCE
                and not (folder / below / "pyvenv.cfg").exists()
                and not (folder / below).is_symlink()
            ]
            if folder != self._folder:
                self._copy_configuration(folder, self._counterpart(folder, top))
        for file in discovery.files:
            target = self.folder / file.relative
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file.path, target)

    def _copy_configuration(self, folder: Path, target: Path) -> None:
        try:
            with os.scandir(folder) as scan:
                entries = list(scan)
        except OSError:
            return
        for entry in entries:
            name = entry.name
            if not name.endswith(_SUFFIXES) and not name.startswith("."):
                continue
            try:
                if (
                    not entry.is_file()
                    or not os.access(entry.path, os.R_OK)
                    or entry.stat().st_size > _LARGEST
                ):
                    continue
                target.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(entry.path, target / name)
            except OSError:
                continue


def _top(folder: Path) -> Path:
    """Return the top of the repository around a folder, or of the file system."""
    for candidate in (folder, *folder.parents):
        if (candidate / ".git").exists():
            return candidate
    return Path(folder.anchor)
