"""Which major version of a library a project uses."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

_REQUIREMENTS = (
    "pyproject.toml",
    "requirements*.txt",
    "requirements/*.txt",
    "setup.cfg",
    "setup.py",
    "Pipfile",
    "uv.lock",
    "poetry.lock",
)
_ABOVE = 2
"""How many folders above the checked one may hold its requirements."""

_ONLY_IN = {
    ("pydantic", 2): re.compile(
        r"from pydantic import [^#\n]*?(?:\([^)]*?)?\b(?:ConfigDict|field_validator|"
        r"model_validator|field_serializer|model_serializer|computed_field|TypeAdapter|"
        r"RootModel)\b|^\s*(?:from|import) pydantic_settings\b",
        re.MULTILINE,
    )
}
"""Imports that only this major version knows."""


def major(
    package: str, library_folders: Iterable[Path], root: Path, texts: Iterable[str]
) -> int | None:
    """Return the major version: installed, required, or told by what is imported."""
    for folder in library_folders:
        for info in sorted(folder.glob(f"{package}-[0-9]*.dist-info")):
            return int(re.split(r"[-.]", info.name[len(package) + 1 :])[0])
    required = required_major(package, root)
    if required is not None:
        return required
    for (name, version), pattern in _ONLY_IN.items():
        if name == package and any(pattern.search(text) for text in texts):
            return version
    return None


def required_major(package: str, root: Path) -> int | None:
    """Return the major version of a library that a project's own files ask for."""
    wanted = re.compile(
        rf"""(?:^|["'\s]){re.escape(package)}(?:\[[^\]]*\])?["']?\s*"""
        rf"""(?:=\s*(?:\{{[^}}]*?version\s*=\s*)?["']|\n?version\s*=\s*["'])?"""
        r"""\s*(?:>=|==|~=|\^|>)?\s*v?(\d+)(?:\.|\b)""",
        re.MULTILINE,
    )
    folders = [root, *list(root.resolve().parents)[:_ABOVE]]
    for folder in folders:
        for pattern in _REQUIREMENTS:
            for file in sorted(folder.glob(pattern)):
                try:
                    text = file.read_text(encoding="utf-8", errors="replace")
                except OSError:
                    continue
                found = wanted.search(text)
                if found:
                    return int(found[1])
        if (folder / ".git").exists():
            break
    return None


_PYTHON = re.compile(
    r"""^\s*(?:requires-python|python|python_requires)\s*=\s*["']?[^\d"'\n]*(\d+)\.(\d+)""",
    re.MULTILINE,
)


def oldest_python(root: Path) -> tuple[int, int] | None:
    """Return the oldest Python that a project says it runs on; None if it says none."""
    for folder in [root, *list(root.resolve().parents)[:_ABOVE]]:
        for name in ("pyproject.toml", "setup.cfg", "setup.py"):
            try:
                text = (folder / name).read_text(encoding="utf-8", errors="replace")
            except OSError:
                continue
            if found := _PYTHON.search(text):
                return int(found[1]), int(found[2])
        if (folder / ".git").exists():
            break
    return None
