"""The seven sections of the catalogue; the hundreds digit of a code is its section."""

from __future__ import annotations

SECTIONS: dict[int, str] = {
    1: "Modern Python, async by default",
    2: "Pydantic and data validation",
    3: "The event loop",
    4: "Structure",
    5: "Dependency injection",
    6: "Security and error handling",
    7: "Testing",
}
"""Title of each section."""


def section_of(code: str) -> int:
    """Return the section of a rule's code: 3 for RW301; 0 for a code of no section."""
    digit = code[2:3]
    return int(digit) if digit.isdigit() and int(digit) in SECTIONS else 0
