"""What the project says of its formatters."""

from __future__ import annotations

import configparser
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib


class Configuration:
    """What the project says of formatters, from the nearest files at or above it."""

    def __init__(self, root: Path) -> None:
        self._tables: dict[str, Any] = {}
        """`[tool.x]` by x, of the nearest file that has it."""
        self._sections: set[str] = set()
        """Sections of setup.cfg and tox.ini, and the names of files that configure."""
        self.content = b""
        """What the TOML files hold, for telling whether anything has changed."""
        for folder in up_to_repository(root):
            self._read(folder)

    @property
    def black(self) -> Mapping[str, Any]:
        """`[tool.black]`; empty without one."""
        table = self._tables.get("black")
        return table if isinstance(table, dict) else {}

    @property
    def isort(self) -> bool:
        """Whether the project configures isort."""
        return "isort" in self._tables or not self._sections.isdisjoint(
            {"isort", ".isort.cfg", "tool:isort"}
        )

    def has_black(self) -> bool:
        """Whether the project configures black."""
        return "black" in self._tables

    def has_ruff(self) -> bool:
        """Whether the project configures ruff."""
        return "ruff" in self._tables

    def has_foreign_formatter(self) -> bool:
        """Whether the project is formatted by what is not installed here."""
        return not {"yapf", "autopep8", "blue", "pyink"}.isdisjoint(
            self._tables
        ) or not self._sections.isdisjoint({"yapf", ".style.yapf"})

    def ignored(self) -> list[str]:
        """Return the codes that the project tells ruff to ignore."""
        table = self._tables.get("ruff")
        found: list[str] = []
        for part in (table, table.get("lint") if isinstance(table, dict) else None):
            if isinstance(part, dict):
                for key in ("ignore", "extend-ignore"):
                    codes = part.get(key)
                    if isinstance(codes, list):
                        found.extend(c for c in codes if isinstance(c, str))
        return found

    def like_black(self) -> list[str]:
        """Return options with which ruff formats as black would here."""
        options = ["--isolated", "--target-version", "py310"]
        length = self.black.get("line-length", self.black.get("line_length"))
        if isinstance(length, int):
            options += ["--line-length", str(length)]
        if self.black.get("skip-string-normalization"):
            options += ["--config", 'format.quote-style="preserve"']
        if self.black.get("skip-magic-trailing-comma"):
            options += ["--config", "format.skip-magic-trailing-comma=true"]
        return options

    def _read(self, folder: Path) -> None:
        for name in (".isort.cfg", ".style.yapf"):
            if (folder / name).is_file():
                self._sections.add(name)
        for name in ("pyproject.toml", "ruff.toml", ".ruff.toml"):
            try:
                content = (folder / name).read_bytes()
                self.content += content
                parsed = tomllib.loads(content.decode())
            except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError):
                continue
            if name == "pyproject.toml":
                tools = parsed.get("tool")
                for tool, table in tools.items() if isinstance(tools, dict) else ():
                    self._tables.setdefault(tool, table)
            else:
                self._tables.setdefault("ruff", parsed)
        for name in ("setup.cfg", "tox.ini"):
            parser = configparser.RawConfigParser()
            try:
                parser.read_string((folder / name).read_text(encoding="utf-8"))
            except (OSError, UnicodeDecodeError, configparser.Error):
                continue
            self._sections.update(parser.sections())


def up_to_repository(root: Path) -> Iterator[Path]:
    """Yield a folder and those above it, up to the top of its repository."""
    folder = root.resolve()
    while True:
        yield folder
        if (folder / ".git").exists() or folder.parent == folder:
            return
        folder = folder.parent
