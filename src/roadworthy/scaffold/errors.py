"""What can be wrong with what `new` and `add` were asked for."""

from __future__ import annotations


class ScaffoldError(Exception):
    """Nothing was written; the message says what is wrong and what to do."""
