"""Generated examples are the same in every run, unless a run is told to explore."""

from __future__ import annotations

from hypothesis import settings

# A change is judged by the same examples on every machine; what new ones find is
# looked for on purpose, with `--hypothesis-profile explore`.
settings.register_profile("repeatable", derandomize=True, database=None)
settings.register_profile("explore", derandomize=False)
settings.load_profile("repeatable")
