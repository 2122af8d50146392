"""What becomes of a finding: a fix, or the reason why a person has to look."""

from __future__ import annotations

from roadworthy.findings import Fix
from roadworthy.findings import Unfixed as Left

Outcome = Fix | Left

__all__ = ["Left", "Outcome"]
