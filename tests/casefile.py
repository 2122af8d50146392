"""Reads a test case: the modules of a small service, and the findings expected in it.

`tests/cases/README.md` describes the format.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from roadworthy.findings import SEVERITIES, Severity

DEFAULT_SEVERITY: dict[str, Severity] = {
    "RW301": "error",
    "RW302": "error",
    "RW303": "error",
    "RW304": "warning",
    "RW305": "error",
    "RW306": "error",
    "RW307": "error",
    "RW308": "error",
}
"""What the catalogue's table says of each rule that the cases are about."""

DEFAULT_PATH = "main.py"

_MODULE_MARK = re.compile(r"# file: (?P<path>\S+)\s*")
_EXPECTATION = re.compile(r"# (?P<kind>expect|allow): (?P<items>[^#]*)$")
_ITEM = re.compile(r"(?P<rule>RW\d{3})(?: (?P<severity>\w+))?")


class CaseError(ValueError):
    """A case file that does not keep to the format; the message says where."""


@dataclass(frozen=True, slots=True, order=True)
class Site:
    """A place where a finding stands. Lines begin at 1; `path` is below the case's root."""

    path: str
    line: int
    rule: str
    severity: Severity


@dataclass(frozen=True, slots=True)
class Case:
    """A small service, what must be found in it and what may be."""

    title: str
    modules: dict[str, str]
    """Source text by path below the root."""
    expected: frozenset[Site]
    allowed: frozenset[Site]
    """Sites on which the specification leaves both answers open."""

    def write_to(self, root: Path) -> None:
        """Lay the service out below `root`, which is made if it does not exist.

        Raises:
            OSError: A file cannot be written.
        """
        for path, text in self.modules.items():
            target = root / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, encoding="utf-8")

    def difference(self, found: Iterable[Site]) -> str:
        """Return what is missing and what is too much, with source lines; "" if nothing."""
        sites = set(found)
        lines: list[str] = []
        for mark, differing in (
            ("missing", self.expected - sites),
            ("unexpected", sites - self.expected - self.allowed),
        ):
            for site in sorted(differing):
                source = self._line(site).strip()
                lines.append(
                    f"{mark:<10} {site.rule} {site.severity:<7} "
                    f"{site.path}:{site.line}: {source}"
                )
        return "\n".join(lines)

    def _line(self, site: Site) -> str:
        lines = self.modules.get(site.path, "").split("\n")
        return lines[site.line - 1] if 0 < site.line <= len(lines) else ""


def read_case(
    path: Path, severities: Mapping[str, Severity] = DEFAULT_SEVERITY
) -> Case:
    """Return the case that a file holds; `severities` are the rules it may name.

    Raises:
        CaseError: The file does not keep to the format.
        OSError: The file cannot be read.
    """
    try:
        return parse_case(path.read_text(encoding="utf-8"), severities)
    except CaseError as error:
        raise CaseError(f"{path}: {error}") from error


def parse_case(
    text: str, severities: Mapping[str, Severity] = DEFAULT_SEVERITY
) -> Case:
    """Return the case written in `text`; `severities` are the rules it may name.

    Raises:
        CaseError: No title, a path given twice or outside the root, source before the
            first module, or an expectation that is not understood.
    """
    lines = text.split("\n")
    if not lines[0].startswith("# ") or _MODULE_MARK.fullmatch(lines[0]):
        raise CaseError("line 1 must be a comment that says what the case shows")
    modules = _modules(text, lines)
    expected: set[Site] = set()
    allowed: set[Site] = set()
    for path, source in modules.items():
        for number, line in enumerate(source.split("\n"), start=1):
            for kind, site in _sites(path, number, line, severities):
                (expected if kind == "expect" else allowed).add(site)
    return Case(
        title=lines[0].removeprefix("# ").strip(),
        modules=modules,
        expected=frozenset(expected),
        allowed=frozenset(allowed),
    )


def _modules(text: str, lines: list[str]) -> dict[str, str]:
    """Split a case at its module marks; without any, all of it is one module."""
    collected: dict[str, list[str]] = {}
    current: list[str] | None = None
    for number, line in enumerate(lines, start=1):
        mark = _MODULE_MARK.fullmatch(line)
        if mark is None:
            if current is not None:
                current.append(line)
            continue
        path = mark["path"]
        if path in collected:
            raise CaseError(f"line {number}: {path} is given twice")
        if path.startswith("/") or ".." in path.split("/"):
            raise CaseError(f"line {number}: {path} lies outside the case")
        if not collected and any(
            before.strip() and not before.startswith("#")
            for before in lines[: number - 1]
        ):
            raise CaseError(f"line {number}: source stands before the first module")
        current = collected[path] = []
    if not collected:
        return {DEFAULT_PATH: text}
    return {path: "\n".join(source) for path, source in collected.items()}


def _sites(
    path: str, number: int, line: str, severities: Mapping[str, Severity]
) -> Iterable[tuple[str, Site]]:
    match = _EXPECTATION.search(line)
    if match is None:
        if "# expect" in line or "# allow" in line:
            raise CaseError(f"{path}:{number}: expectation not understood: {line!r}")
        return
    for text in match["items"].split(","):
        item = _ITEM.fullmatch(text.strip())
        if item is None or item["rule"] not in severities:
            raise CaseError(f"{path}:{number}: expectation not understood: {text!r}")
        rule = item["rule"]
        severity = severities[rule]
        if item["severity"] is not None:
            severity = _severity(item["severity"], f"{path}:{number}")
        yield match["kind"], Site(path, number, rule, severity)


def _severity(text: str, place: str) -> Severity:
    for severity in SEVERITIES:
        if severity == text:
            return severity
    raise CaseError(f"{place}: no such severity: {text!r}")
