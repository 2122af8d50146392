"""What a process that ends after one run need not do: take apart what it has built.

Evaluating a large service makes millions of objects. Looking through them for cycles and
giving each back, only for the process to end, took a fifth of some runs.
"""

from __future__ import annotations

import gc

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
