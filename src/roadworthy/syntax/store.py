"""The code of files, kept between runs by the hash of their content."""

from __future__ import annotations

import marshal
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from roadworthy.project.cache import Cache, content_hash
from roadworthy.syntax.code import Node
from roadworthy.syntax.source import UnreadableSource, parse_source, read_bytes
from roadworthy.syntax.worker import Ahead, lower_tree

_KIND = "code"


@dataclass(frozen=True, slots=True)
class CodeStore:
    """Lowers files, or takes what a former run lowered from the same bytes.

    The project's files are kept in its own folder, those of libraries in the user's.
    """

    project: Cache = field(default_factory=lambda: Cache(None))
    user: Cache = field(default_factory=lambda: Cache(None))

    def code(self, path: Path, is_library: bool, ahead: Ahead | None) -> Node:
        """Return the code of a file as a plain tuple.

        Raises:
            UnreadableSource: it cannot be read, parsed or lowered.
        """
        data = read_bytes(path)
        key = content_hash(data)
        cache = self.user if is_library else self.project
        kept = cache.get(_KIND, key)
        if kept is not None:
            # Sealed: it is what this very program wrote.
            known: Any = marshal.loads(kept)
            code: Node = known
            return code
        found = None if ahead is None or is_library else ahead.take(path, key)
        code = found if found is not None else lower_tree(parse_source(data, path))
        if cache.enabled:
            cache.put(_KIND, key, marshal.dumps(code))
        return code

    def check(self, path: Path, ahead: Ahead | None) -> None:
        """Make sure that a file of the project can be read.

        Raises:
            UnreadableSource: it cannot be read, parsed or lowered.
        """
        data = read_bytes(path)
        key = content_hash(data)
        if self.project.get(_KIND, key) is not None:
            return
        found = None if ahead is None else ahead.take(path, key, wait=True)
        if found is None and not self.project.enabled:
            parse_source(data, path)
            return
        code = found if found is not None else lower_tree(parse_source(data, path))
        if self.project.enabled:
            self.project.put(_KIND, key, marshal.dumps(code))

    def unknown(self, paths: Iterable[Path]) -> list[Path]:
        """Return those readable files of the project that no former run has lowered."""
        if not self.project.enabled:
            return list(paths)
        return [path for path in paths if not self._has(path)]

    def _has(self, path: Path) -> bool:
        try:
            return self.project.has(_KIND, content_hash(read_bytes(path)))
        except UnreadableSource:
            return True
