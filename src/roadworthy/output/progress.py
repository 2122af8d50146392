"""A progress bar, for runs that take more than a second while a terminal watches."""

from __future__ import annotations

import shutil
import sys
import time
from types import TracebackType
from typing import TextIO

_PATIENCE_SECONDS = 1.0
_INTERVAL_SECONDS = 0.1
_BAR = 24


class Progress:
    """Draws one line on the error stream and takes it away at the end.

    An instance is called with the stage's name, how much of it is done and how much
    there is in all (0 where that is unknown).
    """

    def __init__(self, stream: TextIO | None = None) -> None:
        """Draw on a stream (the error stream by default) if that is a terminal."""
        self._stream = sys.stderr if stream is None else stream
        self._watched = self._stream.isatty()
        self._due = time.monotonic() + _PATIENCE_SECONDS
        self._drawn = False

    def __enter__(self) -> Progress:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._drawn:
            self._stream.write("\r\x1b[K")
            self._stream.flush()

    def __call__(self, stage: str, done: int, total: int) -> None:
        """Take note of how far a stage has come."""
        if not self._watched or (now := time.monotonic()) < self._due:
            return
        self._due = now + _INTERVAL_SECONDS
        self._drawn = True
        columns = shutil.get_terminal_size().columns
        self._stream.write("\r" + bar(stage, done, total)[: columns - 1] + "\x1b[K")
        self._stream.flush()


def bar(stage: str, done: int, total: int) -> str:
    """Return the line that is drawn."""
    if total <= 0:
        return f"{stage} {done}" if done else f"{stage} ..."
    share = min(max(done / total, 0.0), 1.0)
    filled = int(share * _BAR)
    return f"{stage} [{'#' * filled}{'.' * (_BAR - filled)}] {done}/{total}"
