"""A rule explained: for people, as Markdown (the pages of `docs/rules`), as JSON."""

from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from roadworthy.findings import Severity
from roadworthy.rules.base import Rule
from roadworthy.sections import SECTIONS, section_of

INDEX = "README.md"
"""The page that lists all rules; sites that show folders of Markdown open it first."""
_PAGE = re.compile(r"rw\d{3}\.md")
_MARK = re.compile(r"# (?:expect|allow): (RW\d{3})[^\n]*")


def severity(rule: Rule) -> Severity:
    """Return the severity that a rule's findings have unless they say otherwise."""
    return "advice" if rule.advice else rule.severity


def document(rules: Iterable[Rule]) -> dict[str, Any]:
    """Return the rules as plain data."""
    return {
        "version": 1,
        "rules": [
            {
                "code": rule.code,
                "name": rule.name,
                "severity": severity(rule),
                "section": section_of(rule.code),
                "section_title": SECTIONS.get(section_of(rule.code), ""),
                "summary": rule.summary,
                "why": rule.why,
                "wrong": _example(rule.wrong),
                "right": _example(rule.right),
                "instead": rule.instead,
                "fix": (
                    {
                        "safe": rule.fix_safe,
                        "summary": rule.fix_summary,
                        "fixed": _example(rule.fixed),
                    }
                    if rule.fixed
                    else None
                ),
                "references": list(rule.references),
            }
            for rule in rules
        ],
    }


def to_json(rules: Iterable[Rule]) -> str:
    """Return the rules as one line of JSON."""
    return json.dumps(document(rules), separators=(",", ":"))


# -- Markdown ------------------------------------------------------------------------


def to_markdown(rule: Rule) -> str:
    """Return the page of a rule."""
    section = section_of(rule.code)
    parts = [
        f"# {rule.code} {rule.name}",
        f"Severity: **{severity(rule)}** · section {section}, {SECTIONS[section]}",
        "## What it does",
        f"Flags: {_sentence(rule.summary)}",
        "## Why it matters in production",
        _sentence(rule.why),
        "## Wrong",
        f"```python\n{_example(rule.wrong)}```",
        "## Right",
        f"```python\n{_example(rule.right)}```",
        "## How to fix",
        _sentence(rule.instead),
    ]
    if rule.fixed:
        parts.append(f"`{_command(rule)}`: {_sentence(rule.fix_summary)}")
        if _example(rule.fixed) != _example(rule.right):
            parts += [
                "It makes of the wrong example:",
                f"```python\n{_example(rule.fixed)}```",
            ]
    if rule.references:
        links = "\n".join(f"- <{reference}>" for reference in rule.references)
        parts += ["## References", links]
    return "\n\n".join(parts) + "\n"


def to_index(rules: Sequence[Rule]) -> str:
    """Return the page that lists the rules, a table for each section."""
    lines = [
        "# Rules",
        "",
        "Each page says what a rule does, why it matters in production, and what to "
        "write instead; `roadworthy explain RW301` prints the same. **error** breaks or "
        "leaks in production, **warning** hurts under load or weakens security or "
        "upkeep, **advice** is a better pattern.",
    ]
    for number, title in SECTIONS.items():
        members = [rule for rule in rules if section_of(rule.code) == number]
        if not members:
            continue
        lines += [
            "",
            f"## Section {number}: {title}",
            "",
            "| rule | name | severity | flags |",
            "|---|---|---|---|",
        ]
        for rule in members:
            summary = rule.summary.replace("|", "\\|")
            link = f"[{rule.code}]({rule.code.lower()}.md)"
            lines.append(f"| {link} | {rule.name} | {severity(rule)} | {summary} |")
    return "\n".join(lines) + "\n"


def pages(rules: Sequence[Rule]) -> dict[str, str]:
    """Return the text of each page by file name, the index included."""
    made = {f"{rule.code.lower()}.md": to_markdown(rule) for rule in rules}
    return {INDEX: to_index(rules), **made}


def write_pages(rules: Sequence[Rule], folder: Path) -> int:
    """Write the pages into a folder, and take away those of rules that are no more.

    Returns the number of pages written. Raises OSError where a file cannot be written.
    """
    made = pages(rules)
    folder.mkdir(parents=True, exist_ok=True)
    for file in folder.iterdir():
        if _PAGE.fullmatch(file.name) and file.name not in made:
            file.unlink()
    for name, text in made.items():
        (folder / name).write_text(text, encoding="utf-8", newline="\n")
    return len(made)


# -- the terminal --------------------------------------------------------------------


def to_terminal(rule: Rule, columns: int, colour: bool) -> Iterator[str]:
    """Yield the explanation of a rule as lines without their ends."""

    def strong(text: str) -> str:
        return f"\x1b[1m{text}\x1b[0m" if colour else text

    def paragraph(text: str) -> list[str]:
        return textwrap.wrap(
            " ".join(text.split()),
            max(columns, 30),
            initial_indent="  ",
            subsequent_indent="  ",
            break_long_words=False,
            break_on_hyphens=False,
        )

    def code(text: str) -> Iterator[str]:
        for line in _example(text).splitlines():
            yield f"    {line}".rstrip()

    section = section_of(rule.code)
    yield strong(f"{rule.code} {rule.name}")
    yield from paragraph(f"{severity(rule)} · section {section}, {SECTIONS[section]}")
    for title, body in (
        ("What it does", paragraph(f"Flags: {_sentence(rule.summary)}")),
        ("Why it matters in production", paragraph(_sentence(rule.why))),
        ("Wrong", code(rule.wrong)),
        ("Right", code(rule.right)),
        ("How to fix", paragraph(_sentence(rule.instead))),
        (
            f"`{_command(rule)}`",
            paragraph(_sentence(rule.fix_summary)) if rule.fixed else (),
        ),
        ("References", (f"  {reference}" for reference in rule.references)),
    ):
        lines = list(body)
        if lines:
            yield ""
            yield strong(title)
            yield from lines


def _command(rule: Rule) -> str:
    """Return the command that applies a rule's fix."""
    return f"roadworthy fix --select {rule.code}" + (
        "" if rule.fix_safe else " --unsafe"
    )


def _example(text: str) -> str:
    """Return an example for readers: the tests' marks name the rule and no more."""
    return _MARK.sub(r"# \1", text).strip("\n") + "\n"


def _sentence(text: str) -> str:
    text = text.strip()
    text = text[:1].upper() + text[1:]
    return text if text.endswith((".", "!", "?")) else f"{text}."
