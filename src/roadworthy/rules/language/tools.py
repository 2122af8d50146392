"""Runs ruff, black and isort over the application's files, and reads what they say.

The tools are those installed beside roadworthy. They read files and configuration; they
run nothing of the project.
"""

from __future__ import annotations

import contextlib
import importlib.util
import json
import os
import subprocess
import sys
import sysconfig
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from roadworthy.findings import Edit, Fix
from roadworthy.project.cache import Cache, content_hash
from roadworthy.rules.files import ReviewedFile
from roadworthy.rules.language.configuration import Configuration
from roadworthy.rules.language.diffs import Block, read_diff
from roadworthy.rules.language.probe import Job
from roadworthy.rules.language.verdicts import Verdicts
from roadworthy.rules.review import Review

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


@dataclass(frozen=True, slots=True)
class _Judged:
    """What the formatters say of a file with a certain content."""

    names: str
    """Those that would change it; empty if none would."""
    blocks: list[Block] | None
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
        self._by_black: dict[ReviewedFile, list[Block]] = {}
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
        few = len(changed) + others <= _MOST_REWRITTEN
        verdicts = Verdicts(
            Cache.for_project(self._root, self._review.settings.use_cache),
            self._configuration.content,
        )
        known = {path: verdicts.changes(self._files[path]) for path in changed}
        sure: dict[str, ReviewedFile] = {}
        if not few and not self._review.settings.fixes:
            sure = {p: self._files[p] for p, changes in known.items() if changes}
            unknown = {p: e for p, e in (edits or {}).items() if known[p] is None}
            sure |= self._surely_unformatted(unknown)
        found = [file for path in changed if (file := sure.get(path)) is not None]
        told = dict.fromkeys(sure.values(), True)
        # What it would write, and not only whether it would: that is RW103's fix.
        command += ["--diff", "--fast", "--quiet"]
        left = [p for p in changed if p not in sure and known[p] is not False]
        for some in self._portions(left):
            # A file that black cannot parse fails the command, not the other files.
            text = self._run([*command, *some], tolerant=True)
            if text is None:
                continue
            told |= {self._files[path]: False for path in some}
            for path, blocks in read_diff(text):
                file = self._files.get(os.path.normpath(self._root / path))
                if file is not None:
                    self._by_black[file] = blocks
                    found.append(file)
                    told.pop(file, None)  # its edits are wanted again
        if len(paths) == len(self._files):  # only what a whole run knows is kept
            verdicts.learn(told)
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


def tools_of(review: Review) -> Tools:
    """Return the tools' results of a review, which its rules share."""
    return review.once(Tools)


def byte_column(file: ReviewedFile, line: int, column: int) -> int:
    """Return a column in characters as one in bytes; both begin at 1."""
    if not 0 < line <= len(file.lines):
        return column
    return len(file.lines[line - 1][: column - 1].encode()) + 1
