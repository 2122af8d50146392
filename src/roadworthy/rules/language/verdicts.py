"""What black was seen to say of files, kept between runs by their content.

Only that is kept for which the edits are not needed: that black leaves a file, or that it
changes one of so many that none of them is rewritten.
"""

from __future__ import annotations

import importlib.metadata
import os
from collections.abc import Mapping
from pathlib import Path

from roadworthy.project.cache import Cache, content_hash
from roadworthy.rules.files import ReviewedFile

_KIND = "black"
_LEFT = b"left"
_CHANGED = b"changed"


class Verdicts:
    """Black's verdicts on the files of one project, under one configuration."""

    def __init__(self, cache: Cache, configuration: bytes) -> None:
        """Read what is kept.

        `configuration` is the content of all files that tell black how to format.
        """
        self._cache = cache
        try:
            version = importlib.metadata.version("black")
        except importlib.metadata.PackageNotFoundError:
            version = ""
        told = (version.encode(), configuration, _of_the_user())
        self._stamp = content_hash(b"\0".join(told))
        self._kept = cache.load_pack(_KIND) if cache.enabled else {}
        self._new: dict[str, bytes] = {}

    def changes(self, file: ReviewedFile) -> bool | None:
        """Return whether black changes a file; None where that is not known."""
        key = self._key(file)
        verdict = self._kept.get(key) if key is not None else None
        if key is None or verdict not in (_LEFT, _CHANGED):
            return None
        self._new[key] = verdict
        return verdict == _CHANGED

    def learn(self, verdicts: Mapping[ReviewedFile, bool]) -> None:
        """Add whether black changes files, and keep all that this run knows."""
        for file, changed in verdicts.items():
            key = self._key(file)
            if key is not None:
                self._new[key] = _CHANGED if changed else _LEFT
        if self._cache.enabled and self._new != self._kept:
            self._cache.save_pack(_KIND, self._new)

    def _key(self, file: ReviewedFile) -> str | None:
        """Return a key for the path and the content; None where it cannot be read."""
        if not self._cache.enabled:
            return None
        try:
            content = file.path.read_bytes()
        except OSError:
            return None
        return f"{self._stamp} {content_hash(content)} {file.relative}"


def _of_the_user() -> bytes:
    """Return the user's own settings of black, which count where a project has none."""
    folder = os.environ.get("XDG_CONFIG_HOME") or "~/.config"
    for place in (f"{folder}/black", "~/.black"):
        try:
            return Path(place).expanduser().read_bytes()
        except (OSError, RuntimeError):
            continue
    return b""
