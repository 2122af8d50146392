"""A second process that asks black about single statements: a file of many is slow.

Ruff's formatter writes nearly what black writes, a hundred times as fast. Where it would
change a file, the shortest top-level statement that it would change is shown to black:
if black changes that, it changes the file. What black leaves is left to black itself.

It reads jobs from standard input, as JSON: `[[path, [row, column], [row, column],
replacement], ...]`, the edit that ruff would make. It writes the paths of the files that
black would change.
"""

from __future__ import annotations

import ast
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

_MOST_LINES = 400
"""Longer statements are left to the check of the whole file."""
_MOST_TRIES = 3
_SWITCHES = ("fmt:", "yapf:")
"""Comments that turn black off for a part of a file, which may begin outside of the
statement."""
_MARK = "would reformat "

Place = tuple[int, int]
"""Row and column, both from 1, the column in characters."""
Job = tuple[str, Place, Place, str]


def candidates(source: str, start: Place, end: Place, replacement: str) -> list[str]:
    """Return top-level statements that a formatter would change, the shortest first.

    The formatter would put the replacement between two places.
    """
    if any(switch in source for switch in _SWITCHES):
        return []
    lines = source.split("\n")
    if not 1 <= start[0] <= end[0] <= len(lines):
        return []
    head = [*lines[: start[0] - 1], lines[start[0] - 1][: start[1] - 1]]
    tail = [lines[end[0] - 1][end[1] - 1 :], *lines[end[0] :]]
    formatted = "\n".join(head) + replacement + "\n".join(tail)
    try:
        before = _statements(source, lines)
        after = _statements(formatted, formatted.split("\n"))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return []
    if len(before) != len(after):
        return []
    changed = {
        one for one, other in zip(before, after, strict=True) if one != other and one
    }
    kept = [text for text in changed if text.count("\n") <= _MOST_LINES]
    return sorted(kept, key=lambda text: (len(text), text))[:_MOST_TRIES]


def _statements(source: str, lines: list[str]) -> list[str]:
    """Return the texts of the top-level statements; empty for one not to be shown."""
    texts: list[str] = []
    end_before = 0
    for statement in ast.parse(source).body:
        first = min(
            [statement.lineno]
            + [d.lineno for d in getattr(statement, "decorator_list", ())]
        )
        last = statement.end_lineno or first
        # A lone string would be taken for the module's docstring; two statements on
        # one line are no text of their own.
        alone = first > end_before and not (
            isinstance(statement, ast.Expr)
            and isinstance(statement.value, ast.Constant)
        )
        if not alone and texts and first <= end_before:
            texts[-1] = ""
        texts.append("\n".join(lines[first - 1 : last]) + "\n" if alone else "")
        end_before = max(end_before, last)
    return texts


def changed_files(jobs: Iterable[Job]) -> list[str]:
    """Return the files of which black would change a statement.

    Raises:
        ImportError: black is not installed.
        OSError: it cannot be run.
    """
    from black.files import find_pyproject_toml, parse_pyproject_toml

    jobs = list(jobs)
    configured = find_pyproject_toml(tuple(job[0] for job in jobs), None)
    command = [sys.executable, "-I", "-m", "black", "--check", "--fast"]
    if configured is not None:
        table = parse_pyproject_toml(configured)
        if "force_exclude" in table or "line_ranges" in table:
            return []
        command += ["--config", configured]
    waiting: dict[str, list[str]] = {}
    for path, start, end, replacement in jobs:
        try:
            with Path(path).open(encoding="utf-8", newline="") as stream:
                source = stream.read()
        except (OSError, UnicodeDecodeError):
            continue
        if not ("\r" in source or "\f" in source or source.startswith("\ufeff")):
            waiting[path] = candidates(source, start, end, replacement)
    found: set[str] = set()
    for nth in range(_MOST_TRIES):
        texts = {
            path: some[nth]
            for path, some in waiting.items()
            if path not in found and nth < len(some)
        }
        found |= _changed(command, texts)
    return sorted(found)


def _changed(command: list[str], texts: dict[str, str]) -> set[str]:
    """Return the keys of the texts that black would change."""
    if not texts:
        return set()
    with tempfile.TemporaryDirectory(prefix="roadworthy-") as folder:
        shown: dict[str, str] = {}
        for number, (path, text) in enumerate(texts.items()):
            shown[f"s{number}.py"] = path
            (Path(folder) / f"s{number}.py").write_text(text, encoding="utf-8")
        done = subprocess.run(
            [*command, "."],
            cwd=folder,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
            encoding="utf-8",
            errors="replace",
        )
    names = [
        Path(line.removeprefix(_MARK).strip()).name
        for line in done.stderr.splitlines()
        if line.startswith(_MARK)
    ]
    return {shown[name] for name in names if name in shown}


def main() -> None:
    """Answer the jobs on standard input."""
    jobs = [
        (path, tuple(start), tuple(end), replacement)
        for path, start, end, replacement in json.load(sys.stdin)
    ]
    json.dump(changed_files(jobs), sys.stdout)
