"""What a project requires: the drivers of its databases, and its installed commands."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

_NAME = re.compile(r"\s*([A-Za-z0-9][A-Za-z0-9._-]*)")
_FILES = ("pyproject.toml", "requirements*.txt", "requirements/*.txt", "setup.cfg")
DRIVERS = frozenset(
    {
        "psycopg2",
        "psycopg2-binary",
        "psycopg",
        "asyncpg",
        "pymysql",
        "mysqlclient",
        "mysql-connector-python",
        "aiomysql",
        "asyncmy",
        "aiosqlite",
    }
)


@dataclass(frozen=True, slots=True)
class Requirement:
    """One requirement as it stands in a file."""

    path: str
    line: int
    name: str
    """Normalised: lower case, with `-`."""
    text: str
    """The requirement itself, without quotes and comments."""
    quoted: bool


def entry_points(root: Path) -> Iterator[tuple[str, str]]:
    """Yield module and function of the commands that the project installs."""
    table = _pyproject(root)
    scripts: dict[str, Any] = {}
    scripts.update(table.get("project", {}).get("scripts", {}))
    scripts.update(table.get("tool", {}).get("poetry", {}).get("scripts", {}))
    for target in scripts.values():
        if isinstance(target, str) and ":" in target:
            module, _, name = target.partition(":")
            yield module.strip(), name.strip()


def pytest_options(root: Path) -> dict[str, Any]:
    """Return pytest's options in the project's `pyproject.toml`."""
    options = _pyproject(root).get("tool", {}).get("pytest", {}).get("ini_options", {})
    return options if isinstance(options, dict) else {}


def _pyproject(root: Path) -> dict[str, Any]:
    folder = root if root.is_dir() else root.parent
    try:
        text = (folder / "pyproject.toml").read_text(encoding="utf-8")
        table: dict[str, Any] = tomllib.loads(text)
    except (OSError, ValueError):
        return {}
    return table


def requirements(root: Path) -> list[Requirement]:
    """Return the requirements in a project's `pyproject.toml` and requirements files."""
    found: list[Requirement] = []
    folder = root if root.is_dir() else root.parent
    for pattern in _FILES:
        for path in sorted(folder.glob(pattern)):
            try:
                text = path.read_text(encoding="utf-8")
            except (OSError, ValueError):
                continue
            relative = path.relative_to(folder).as_posix()
            quoted = path.suffix == ".toml"
            for number, line in enumerate(text.splitlines(), 1):
                for part in _parts(line, quoted):
                    match = _NAME.match(part)
                    if match is not None:
                        name = match.group(1).lower().replace("_", "-")
                        found.append(Requirement(relative, number, name, part, quoted))
    return found


def _parts(line: str, quoted: bool) -> Iterator[str]:
    if quoted:
        if re.match(r"\s*(name|version|description|requires-python|readme)\s*=", line):
            return
        # Poetry's tables: `psycopg2-binary = "^2.9"`.
        key = re.match(r"\s*([A-Za-z0-9._-]+)\s*=\s*[\"{]", line)
        if key is not None:
            yield key.group(1)
        for match in re.finditer(r"\"([^\"]*)\"|'([^']*)'", line):
            yield match.group(1) or match.group(2) or ""
        return
    text = line.partition("#")[0].strip()
    if text and not text.startswith("-"):
        yield text


__all__ = [
    "DRIVERS",
    "Requirement",
    "entry_points",
    "pytest_options",
    "requirements",
]
