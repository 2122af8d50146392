"""Runs ruff, black and isort over the application's files, and reads what they say.

The tools are those installed beside roadworthy. They read files and configuration; they
run nothing of the project.
"""

from __future__ import annotations

import configparser
import contextlib
import importlib.util
import json
import os
import re
import subprocess
import sys
import sysconfig
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from roadworthy.findings import Edit, Fix
from roadworthy.project.cache import content_hash
from roadworthy.rules.files import ReviewedFile
from roadworthy.rules.language.probe import Job
from roadworthy.rules.review import Review

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

_AT_ONCE = 400
"""Files in one command: well below what a command line may hold."""
T = TypeVar("T")

_SECONDS = 600
_MOST_REWRITTEN = 30
"""Of more files it is only told that a formatter would change them, unless the run is to
mend them: black takes a second for a file of 1,000 lines."""
_PROBE = (
    "import sys; sys.path[:] = sys.argv[1:]; "
    "from roadworthy.rules.language.probe import main; main()"
)
"""Not `-m`, which would look for modules in this folder first."""
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


_HUNK = re.compile(r"@@ -(?P<old>\d+)(?:,(?P<olds>\d+))? \+\d+(?:,(?P<news>\d+))? @@")
_Block = tuple[int, int, list[str]]
"""First and last line (from 0, the last excluded), and the lines in their place."""


@dataclass(frozen=True, slots=True)
class _Judged:
    """What the formatters say of a file with a certain content."""

    names: str
    """Those that would change it; empty if none would."""
    blocks: list[_Block] | None
    """What black would write; None where that was not worked out."""


_Remembered = dict[tuple[str, ...], _Judged]
_remembered: _Remembered | None = None


@contextlib.contextmanager
def remembering() -> Iterator[None]:
    """Remember what formatters say of files, by their content, for the runs within.

    To be used where a project is checked over and over, and its configuration stays.
    """
    global _remembered
    before, _remembered = _remembered, {} if _remembered is None else _remembered
    try:
        yield
    finally:
        _remembered = before


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
    fix: Fix | None = None


class Tools:
    """The results of the tools over one project, each run once."""

    def __init__(self, review: Review) -> None:
        self._review = review
        self._root = review.settings.folder
        self._files = {str(file.path): file for file in review.files}
        self._diagnostics: Future[list[Diagnostic]] | None = None
        self._unformatted: Future[dict[ReviewedFile, str]] | None = None
        self._by_black: dict[ReviewedFile, list[_Block]] = {}
        self._configuration = Configuration(self._root)
        self.module_roots: list[str] = []
        """The folders that the project's modules are imported from."""

    # -- ruff ------------------------------------------------------------------------

    def diagnostics(self, prefix: str) -> list[Diagnostic]:
        """Return ruff's findings whose codes begin with a prefix (`ANN` or `UP`)."""
        if self._diagnostics is None:
            self._diagnostics = self._begin(lambda: list(self._check()))
        return [d for d in self._diagnostics.result() if d.code.startswith(prefix)]

    def begin(self) -> None:
        """Let the formatters work while other rules are checked."""
        if self._unformatted is None:
            self.module_roots = self._module_roots()
            self._unformatted = self._begin(self._find_unformatted)

    @staticmethod
    def _begin(work: Callable[[], T]) -> Future[T]:
        executor = ThreadPoolExecutor(1, "roadworthy tools")
        future = executor.submit(work)
        executor.shutdown(wait=False)
        return future

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
                _fix(file.relative, entry.get("fix")),
            )

    def _ruff(self) -> list[str] | None:
        found = executable("ruff")
        if found is None:
            self._missing("ruff", "RW101 and RW102")
            return None
        return [found]

    # -- formatters ------------------------------------------------------------------

    def unformatted(self) -> dict[ReviewedFile, str]:
        """Return the files that a formatter would change, and which one."""
        self.begin()
        assert self._unformatted is not None
        return self._unformatted.result()

    def _find_unformatted(self) -> dict[ReviewedFile, str]:
        if self._configuration.has_foreign_formatter():
            return {}
        keys = self._keys()
        known = self._known(keys)
        found = {file: judged.names for file, judged in known.items() if judged.names}
        self._by_black.update(
            (file, judged.blocks) for file, judged in known.items() if judged.blocks
        )
        paths = [path for path, file in self._files.items() if file not in known]
        if paths:
            by_tool = (
                ("black", self._black(paths, len(found))),
                ("isort", self._isort(paths)),
            )
            for name, files in by_tool:
                for file in files:
                    found[file] = f"{found[file]} and {name}" if file in found else name
        if _remembered is not None:
            for file, key in keys.items():
                blocks = self._by_black.get(file)
                _remembered[key] = _Judged(found.get(file, ""), blocks)
        return {file: found[file] for file in self._files.values() if file in found}

    def _keys(self) -> dict[ReviewedFile, tuple[str, ...]]:
        """Return what the formatters' word on each file depends on."""
        if _remembered is None:
            return {}
        keys = {}
        for file in self._files.values():
            with contextlib.suppress(OSError):
                content = content_hash(file.path.read_bytes())
                keys[file] = (str(file.path), content, *self.module_roots)
        return keys

    def _known(
        self, keys: Mapping[ReviewedFile, tuple[str, ...]]
    ) -> dict[ReviewedFile, _Judged]:
        """Return what is remembered of the files as they are."""
        found = {}
        for file, key in keys.items():
            judged = (_remembered or {}).get(key)
            if judged is None:
                continue
            if (
                judged.blocks is None
                and "black" in judged.names
                and self._review.settings.fixes
            ):
                continue  # it was only told that black would change it
            found[file] = judged
        return found

    def _black(self, paths: list[str], others: int) -> list[ReviewedFile]:
        """Return those of some files that black would change.

        `others` is the number of those of which that is known already.
        """
        command = self._module("black")
        if command is None:
            return []
        edits = self._edits_of_ruff(self._configuration.like_black(), paths)
        changed = paths if edits is None else list(edits)
        sure: dict[str, ReviewedFile] = {}
        few = len(changed) + others <= _MOST_REWRITTEN
        if not few and not self._review.settings.fixes:
            sure = self._surely_unformatted(edits or {})
        found = [file for path in changed if (file := sure.get(path)) is not None]
        # What it would write, and not only whether it would: that is RW103's fix.
        command += ["--diff", "--fast", "--quiet"]
        for some in self._portions([path for path in changed if path not in sure]):
            # A file that black cannot parse fails the command, not the other files.
            text = self._run([*command, *some], tolerant=True)
            for path, blocks in _read_diff(text or ""):
                file = self._files.get(os.path.normpath(self._root / path))
                if file is not None:
                    self._by_black[file] = blocks
                    found.append(file)
        if found and self._configuration.has_ruff() and not self._configuration.black:
            own = self._edits_of_ruff([], [str(file.path) for file in found])
            if own is not None:
                found = [file for file in found if str(file.path) in own]
        return found

    def _edits_of_ruff(
        self, options: Sequence[str], paths: list[str]
    ) -> dict[str, Job | None] | None:
        """Return the files that ruff's formatter would change, with the one edit.

        None if ruff cannot tell; an edit is None where it told no usable one.
        """
        ruff = executable("ruff")
        if ruff is None:
            return None
        found: dict[str, Job | None] = {}
        for some in self._portions(paths):
            command = [ruff, "format", "--check", "--no-cache", "--output-format"]
            text = self._run([*command, "json", *options, *some])
            try:
                entries: Any = json.loads(text or "")
            except ValueError:
                return None
            for entry in entries:
                path = os.path.normpath(entry.get("filename") or "")
                found[path] = _job(path, entry)
        return found

    def _surely_unformatted(
        self, edits: Mapping[str, Job | None]
    ) -> dict[str, ReviewedFile]:
        """Return the files that black was seen to change by a single statement."""
        jobs = [job for job in edits.values() if job is not None]
        folders = [folder for folder in sys.path if folder]
        command = [sys.executable, "-I", "-c", _PROBE, *folders]
        text = self._run(command, given=json.dumps(jobs))
        try:
            paths: list[str] = json.loads(text or "[]")
        except ValueError:
            return {}
        return {path: self._files[path] for path in paths if path in self._files}

    def _isort(self, paths: list[str]) -> list[ReviewedFile]:
        """Return those of some files that isort would change."""
        command = self._module("isort")
        if command is None:
            return []
        command += ["--check-only"]
        if not self._configuration.isort:
            command += ["--profile", "black"]
            for root in self.module_roots:
                command += ["--src", root]
        found: list[ReviewedFile] = []
        for some in self._portions(paths):
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
        ruff = executable("ruff")
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

    def black_edits(self, file: ReviewedFile) -> tuple[Edit, ...]:
        """Return what black would change in a file, as edits."""
        return tuple(
            Edit(
                file.relative,
                *_line_start(file.lines, first),
                *_line_start(file.lines, last),
                "".join(f"{line}\n" for line in new),
            )
            for first, last, new in self._by_black.get(file, ())
        )

    def is_rewritten(self, file: ReviewedFile) -> bool:
        """Whether it is known how black would write a file, or worth working out."""
        return (
            file in self._by_black
            or self._review.settings.fixes
            or len(self.unformatted()) <= _MOST_REWRITTEN
        )

    @property
    def uses_ruff(self) -> bool:
        """Whether the project is formatted by ruff."""
        return self._configuration.has_ruff() and not self._configuration.has_black()

    @property
    def root(self) -> Path:
        """The checked folder."""
        return self._root

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

    def _run(
        self,
        command: list[str],
        *,
        errors: bool = False,
        tolerant: bool = False,
        given: str = "",
    ) -> str | None:
        """Return what a tool prints (or writes to its error output); None if it failed.

        With `tolerant`, what it printed before it failed counts too.
        """
        try:
            done = subprocess.run(
                command,
                cwd=self._root,
                input=given,
                capture_output=True,
                timeout=_SECONDS,
                check=False,
                encoding="utf-8",
                errors="replace",
                env=plain_environment(),
            )
        except (OSError, subprocess.SubprocessError):
            return None
        if done.returncode not in (0, 1) and not errors and not tolerant:
            return None
        return done.stderr if errors else done.stdout


def _job(path: str, entry: Any) -> Job | None:
    """Return the edit that ruff tells of a file, for `probe`."""
    try:
        (edit,) = entry["fix"]["edits"]
        start, end = edit["location"], edit["end_location"]
        return (
            path,
            (int(start["row"]), int(start["column"])),
            (int(end["row"]), int(end["column"])),
            str(edit["content"]),
        )
    except (TypeError, KeyError, ValueError):
        return None


def _fix(path: str, fix: Any) -> Fix | None:
    """Return ruff's own fix; its positions count as those of edits do."""
    if not isinstance(fix, dict):
        return None
    edits = tuple(
        Edit(
            path,
            edit["location"]["row"],
            edit["location"]["column"],
            edit["end_location"]["row"],
            edit["end_location"]["column"],
            edit["content"],
        )
        for edit in fix.get("edits", ())
    )
    return Fix(fix.get("applicability") == "safe", edits) if edits else None


def _line_start(lines: Sequence[str], index: int) -> tuple[int, int]:
    """Return line and column at which a line (from 0) begins, or the text ends."""
    if index < len(lines):
        return index + 1, 1
    return len(lines), len(lines[-1]) + 1


def _read_diff(text: str) -> Iterator[tuple[str, list[_Block]]]:
    """Yield the files of a unified diff, each with its changed blocks."""
    lines = iter(text.split("\n"))
    path, blocks = "", list[_Block]()
    for line in lines:
        if line.startswith("--- "):
            if blocks:
                yield path, blocks
            path, blocks = line[4:].rpartition("\t")[0], []
        elif match := _HUNK.match(line):
            old, new = (int(match[name] or 1) for name in ("olds", "news"))
            at = int(match["old"]) - (1 if old else 0)
            blocks += _read_hunk(lines, at, old, new)
    if blocks:
        yield path, blocks


def _read_hunk(lines: Iterator[str], at: int, old: int, new: int) -> list[_Block]:
    blocks: list[_Block] = []
    first, added, changing = at, list[str](), False
    while old > 0 or new > 0:
        line = next(lines, " ")
        if line[:1] in ("-", "+"):
            if not changing:
                first, added, changing = at, [], True
            if line[0] == "-":
                at, old = at + 1, old - 1
            else:
                added.append(line[1:])
                new -= 1
        elif not line.startswith("\\"):
            if changing:
                blocks.append((first, at, added))
                changing = False
            at, old, new = at + 1, old - 1, new - 1
    if changing:
        blocks.append((first, at, added))
    return blocks


def plain_environment() -> Mapping[str, str]:
    """Return an environment in which the tools' words are plain."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("RUFF_", "BLACK_", "ISORT_", "PYTHON"))
    }
    return {**kept, "NO_COLOR": "1", "PYTHONUTF8": "1"}


def executable(name: str) -> str | None:
    """Return the path of a tool that is installed beside roadworthy; None without it."""
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


def up_to_repository(root: Path) -> Iterator[Path]:
    """Yield a folder and those above it, up to the top of its repository."""
    folder = root.resolve()
    while True:
        yield folder
        if (folder / ".git").exists() or folder.parent == folder:
            return
        folder = folder.parent


def tools_of(review: Review) -> Tools:
    """Return the tools' results of a review, which its rules share."""
    return review.once(Tools)


def byte_column(file: ReviewedFile, line: int, column: int) -> int:
    """Return a column in characters as one in bytes; both begin at 1."""
    if not 0 < line <= len(file.lines):
        return column
    return len(file.lines[line - 1][: column - 1].encode()) + 1
