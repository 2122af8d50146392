"""Runs ruff, black and isort over the application's files, and reads what they say.

The tools are those installed beside roadworthy. They read files and configuration; they
run nothing of the project.
"""

from __future__ import annotations

import configparser
import importlib.util
import json
import os
import subprocess
import sys
import sysconfig
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from roadworthy.rules.files import ReviewedFile
from roadworthy.rules.review import Review

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

_AT_ONCE = 400
"""Files in one command: well below what a command line may hold."""
_SECONDS = 600
_LEGACY = ("UP006", "UP007", "UP045")
_ANNOTATIONS = (
    "ANN001",
    "ANN002",
    "ANN003",
    "ANN201",
    "ANN202",
    "ANN204",
    "ANN205",
    "ANN206",
)


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """Something that ruff found; lines and columns begin at 1, columns in characters."""

    file: ReviewedFile
    code: str
    message: str
    line: int
    column: int
    end_line: int
    end_column: int


class Tools:
    """The results of the tools over one project, each run once."""

    def __init__(self, review: Review) -> None:
        self._review = review
        self._root = review.settings.folder
        self._files = {str(file.path): file for file in review.files}
        self._diagnostics: list[Diagnostic] | None = None
        self._configuration = Configuration(self._root)

    # -- ruff ------------------------------------------------------------------------

    def diagnostics(self, prefix: str) -> list[Diagnostic]:
        """Return ruff's findings whose codes begin with a prefix (`ANN` or `UP`)."""
        if self._diagnostics is None:
            self._diagnostics = list(self._check())
        return [d for d in self._diagnostics if d.code.startswith(prefix)]

    def _check(self) -> Iterator[Diagnostic]:
        command = self._ruff()
        if command is None:
            return
        command += [
            "check",
            "--select",
            ",".join((*_ANNOTATIONS, *_LEGACY)),
            "--target-version",
            "py310",
            "--output-format",
            "json",
            "--exit-zero",
            "--quiet",
            "--no-fix",
            "--no-cache",
            "--force-exclude",
        ]
        ignored = [c for c in self._configuration.ignored() if c[:2] in ("AN", "UP")]
        if ignored:
            command += ["--ignore", ",".join(ignored)]
        for some in self._portions(list(self._files)):
            text = self._run([*command, *some])
            if text is None:
                # A configuration that this version of ruff does not understand.
                text = self._run([*command, "--isolated", *some])
            yield from self._read(text or "[]")

    def _read(self, text: str) -> Iterator[Diagnostic]:
        try:
            entries: Any = json.loads(text)
        except ValueError:
            return
        for entry in entries:
            file = self._files.get(os.path.normpath(entry.get("filename") or ""))
            code = entry.get("code")
            if file is None or not code:
                continue
            start, end = entry["location"], entry["end_location"]
            yield Diagnostic(
                file,
                code,
                entry.get("message") or "",
                start["row"],
                start["column"],
                end["row"],
                end["column"],
            )

    def _ruff(self) -> list[str] | None:
        found = _executable("ruff")
        if found is None:
            self._missing("ruff", "RW101 and RW102")
            return None
        return [found]

    # -- formatters ------------------------------------------------------------------

    def unformatted(self) -> dict[ReviewedFile, str]:
        """Return the files that a formatter would change, and which one."""
        if self._configuration.has_foreign_formatter():
            return {}
        found: dict[ReviewedFile, str] = {}
        for name, files in (("black", self._black()), ("isort", self._isort())):
            for file in files:
                found[file] = f"{found[file]} and {name}" if file in found else name
        return found

    def _black(self) -> list[ReviewedFile]:
        command = self._module("black")
        if command is None:
            return []
        changed = self._not_clean_for_ruff(self._configuration.like_black())
        if changed is None:
            changed = list(self._files)
        found: list[ReviewedFile] = []
        for some in self._portions(changed):
            text = self._run([*command, "--check", "--fast", *some], errors=True)
            found.extend(self._named(text or "", "would reformat "))
        if found and self._configuration.has_ruff() and not self._configuration.black:
            paths = [str(file.path) for file in found]
            own = self._not_clean_for_ruff([], paths)
            if own is not None:
                found = [file for file in found if str(file.path) in own]
        return found

    def _not_clean_for_ruff(
        self, options: Sequence[str], paths: list[str] | None = None
    ) -> list[str] | None:
        """Return the files that ruff's formatter would change; None if it cannot tell."""
        ruff = _executable("ruff")
        if ruff is None:
            return None
        found: list[str] = []
        for some in self._portions(list(self._files) if paths is None else paths):
            command = [ruff, "format", "--check", "--no-cache", "--output-format"]
            text = self._run([*command, "json", *options, *some])
            try:
                entries: Any = json.loads(text or "")
            except ValueError:
                return None
            found.extend(os.path.normpath(e.get("filename") or "") for e in entries)
        return found

    def _isort(self) -> list[ReviewedFile]:
        command = self._module("isort")
        if command is None:
            return []
        command += ["--check-only"]
        if not self._configuration.isort:
            command += ["--profile", "black"]
            for root in self._module_roots():
                command += ["--src", root]
        found: list[ReviewedFile] = []
        for some in self._portions(list(self._files)):
            text = self._run([*command, *some], errors=True)
            for line in (text or "").splitlines():
                head, mark, _ = line.partition(" Imports are incorrectly sorted")
                file = self._files.get(os.path.normpath(head.removeprefix("ERROR: ")))
                if mark and file is not None:
                    found.append(file)
        if found and self._configuration.has_ruff() and not self._configuration.isort:
            own = self._not_sorted_for_ruff([str(file.path) for file in found])
            found = [file for file in found if file.path in own]
        return found

    def _not_sorted_for_ruff(self, paths: list[str]) -> set[Path]:
        ruff = _executable("ruff")
        if ruff is None:
            return {Path(path) for path in paths}
        command = [ruff, "check", "--select", "I001", "--output-format", "json"]
        command += ["--exit-zero", "--quiet", "--no-fix", "--no-cache"]
        found: set[Path] = set()
        for some in self._portions(paths):
            found.update(
                d.file.path for d in self._read(self._run([*command, *some]) or "[]")
            )
        return found

    def _named(self, text: str, mark: str) -> Iterator[ReviewedFile]:
        for line in text.splitlines():
            if line.startswith(mark):
                path = Path(line[len(mark) :].strip())
                file = self._files.get(os.path.normpath(self._root / path))
                if file is not None:
                    yield file

    def _module_roots(self) -> list[str]:
        """Return the folders that the project's modules are imported from."""
        roots: dict[str, None] = {}
        for file in self._files.values():
            module = file.module
            if module is not None:
                depth = len(module.name.split(".")) - (0 if module.is_package else 1)
                parents = (file.path.parent, *file.path.parent.parents)
                if depth < len(parents):
                    roots[str(parents[depth])] = None
        return list(roots)

    # -- processes -------------------------------------------------------------------

    def _module(self, name: str) -> list[str] | None:
        if importlib.util.find_spec(name) is None:
            self._missing(name, "RW103")
            return None
        # Isolated: a module of the project with the tool's name is not to be run.
        return [sys.executable, "-I", "-m", name]

    def _missing(self, name: str, codes: str) -> None:
        note = f"{name} is not installed beside roadworthy; {codes} were left out"
        if note not in self._review.notes:
            self._review.notes.append(note)

    def _portions(self, paths: list[str]) -> Iterator[list[str]]:
        for start in range(0, len(paths), _AT_ONCE):
            yield paths[start : start + _AT_ONCE]

    def _run(self, command: list[str], *, errors: bool = False) -> str | None:
        """Return what a tool prints (or writes to its error output); None if it failed."""
        try:
            done = subprocess.run(
                command,
                cwd=self._root,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=_SECONDS,
                check=False,
                encoding="utf-8",
                errors="replace",
                env=_environment(),
            )
        except (OSError, subprocess.SubprocessError):
            return None
        if done.returncode not in (0, 1) and not errors:
            return None
        return done.stderr if errors else done.stdout


def _environment() -> Mapping[str, str]:
    """Return an environment in which the tools' words are plain."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("RUFF_", "BLACK_", "ISORT_", "PYTHON"))
    }
    return {**kept, "NO_COLOR": "1", "PYTHONUTF8": "1"}


def _executable(name: str) -> str | None:
    suffix = ".exe" if os.name == "nt" else ""
    for folder in (sysconfig.get_path("scripts"), str(Path(sys.executable).parent)):
        found = Path(folder) / f"{name}{suffix}"
        if found.is_file():
            return str(found)
    return None


class Configuration:
    """What the project says of formatters, from the nearest files at or above it."""

    def __init__(self, root: Path) -> None:
        self._tables: dict[str, Any] = {}
        """`[tool.x]` by x, of the nearest file that has it."""
        self._sections: set[str] = set()
        """Sections of setup.cfg and tox.ini, and the names of files that configure."""
        for folder in _up_to_repository(root):
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
                parsed = tomllib.loads((folder / name).read_text(encoding="utf-8"))
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


def _up_to_repository(root: Path) -> Iterator[Path]:
    folder = root.resolve()
    while True:
        yield folder
        if (folder / ".git").exists() or folder.parent == folder:
            return
        folder = folder.parent


def tools_of(review: Review) -> Tools:
    """Return the tools' results of a review, which its rules share."""
    kept: dict[str, object] = review._kept
    known = kept.get("tools")
    if not isinstance(known, Tools):
        known = kept["tools"] = Tools(review)
    return known


def byte_column(file: ReviewedFile, line: int, column: int) -> int:
    """Return a column in characters as one in bytes; both begin at 1."""
    if not 0 < line <= len(file.lines):
        return column
    return len(file.lines[line - 1][: column - 1].encode()) + 1
