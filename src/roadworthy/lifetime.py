"""What a process that ends after one run need not do: take apart what it has built.

Evaluating a large service makes millions of objects. Looking through them for cycles and
giving each back, only for the process to end, took a fifth of some runs. A run of several
checks leaves what each has built to the end as well, as long as there is room.
"""

from __future__ import annotations

import contextlib
import gc
import os
from collections.abc import Callable, Iterator
from pathlib import Path

_kept: list[object] | None = None


def ends_after_one_run() -> None:
    """Say that this process does one run and ends: what is built stays until then."""
    global _kept
    gc.disable()
    if _kept is None:
        _kept = []


def keep(built: object) -> None:
    """Let something live until the process ends, if it ends after one run."""
    if _kept is not None:
        _kept.append(built)


_ROOM = 1 << 30
"""Bytes that a run of several checks may hold of checks that are done."""
_STATM = Path("/proc/self/statm")


@contextlib.contextmanager
def collecting_rarely() -> Iterator[Callable[[], None]]:
    """Look for cycles only where asked, and then only if much memory has come.

    Gives the function to call when a check is done. Where the system does not tell how
    much memory a process holds, each call collects.
    """
    collects = gc.isenabled()
    gc.disable()
    least = _resident()

    def tidy() -> None:
        nonlocal least
        if not collects:
            return  # Nothing is collected in this process at all.
        now = _resident()
        if now is not None and least is not None and now - least < _ROOM:
            return
        gc.collect()
        least = _resident()

    try:
        yield tidy
    finally:
        if collects:
            gc.enable()


def _resident() -> int | None:
    """Return the bytes of memory that this process holds; None if nobody tells."""
    try:
        pages = int(_STATM.read_text(encoding="ascii").split()[1])
    except (OSError, ValueError, IndexError):
        return None
    return pages * os.sysconf("SC_PAGE_SIZE")
