"""The project's own formatter goes over the lines that a fix has changed, no others.

It is black with isort, or ruff's formatter where the project configures that; without
either, black and isort in their defaults, if the file was written so before.
"""

from __future__ import annotations

import ast
import re
import subprocess
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from roadworthy.fixes.edits import changed_blocks, newline_of, split
from roadworthy.rules.language.configuration import Configuration
from roadworthy.rules.language.tools import executable, plain_environment

_SECONDS = 60
_SORT = ["check", "--select", "I001", "--fix", "--quiet", "--exit-zero"]
_IMPORT = re.compile(
    r"^[ \t]*(?:from\b[^\n(]*\bimport\b\s*\([^)]*\)|(?:from|import)\b(?:[^\\\n]|\\\n)*)",
    re.MULTILINE,
)
_TABS = re.compile(r"^ *\t", re.MULTILINE)


class Formatter:
    """The formatters of a project, as it configures them."""

    def __init__(self, root: Path, sources: Sequence[Path] = ()) -> None:
        """Read the configuration at and above a folder.

        `sources` are the folders that the project's modules are imported from.
        """
        self._configuration = Configuration(root)
        self._root = root
        self._sources = tuple(sources)
        self._mode: Any = None
        self._formatted: dict[int, bool] = {}
        self._touched_up: dict[tuple[str, int, int], str] = {}
        self._isort: Any = None

    def touch_up(
        self, path: Path, before: str, after: str, unformatted: str = ""
    ) -> str:
        """Return a changed text with its changed lines formatted.

        `unformatted` names the formatters that are known to change the text as it was
        before; empty if nothing is known. What no formatter can read, or would make
        into other code, is returned as it is.
        """
        key = (str(path), hash(before), hash(after))
        if key not in self._touched_up:
            self._touched_up[key] = self._touch_up_lines(
                path, before, after, unformatted
            )
        return self._touched_up[key]

    def _touch_up_lines(
        self, path: Path, before: str, after: str, unformatted: str
    ) -> str:
        newline = newline_of(after)
        if before == after or self._configuration.has_foreign_formatter():
            return after
        if re.sub(re.escape(newline), "", after).count("\r") or (
            newline != "\n" and after.count("\n") != after.count(newline)
        ):
            return after  # ends of two kinds: a formatter would make them one
        old, new = (t.replace(newline, "\n") for t in (before, after))
        formatted = self._touch_up(path, old, new, unformatted)
        if formatted != new and not _same_code(formatted, new):
            return after
        return formatted.replace("\n", newline)

    def whole(self, path: Path, text: str, *, sort: bool, style: bool) -> str:
        """Return a text with all its imports sorted, and all its lines formatted.

        Raises:
            Exception: whatever a formatter raises for what it cannot read.
        """
        import black

        newline = newline_of(text)
        plain = text.replace(newline, "\n")
        uses_ruff = self._uses_ruff()
        if sort and (self._configuration.isort or not uses_ruff):
            plain = self._isorted(path, plain)
        elif sort:
            plain = self._run_ruff(_SORT, path, plain) or plain
        if style and uses_ruff:
            plain = self._run_ruff(["format"], path, plain) or plain
        elif style:
            plain = black.format_str(plain, mode=self._black_mode(path))
        return plain.replace("\n", newline)

    def _touch_up(self, path: Path, old: str, new: str, unformatted: str) -> str:
        if self._uses_ruff():
            sort = self._sorted if self._configuration.isort else self._ruff_imports
            if "isort" not in unformatted:
                new = sort(path, old, new)
            return self._ruff(path, old, new)
        if "isort" not in unformatted:
            new = self._sorted(path, old, new)
        return self._black(path, old, new, "black" in unformatted)

    def _uses_ruff(self) -> bool:
        return self._configuration.has_ruff() and not self._configuration.has_black()

    # -- black and isort ---------------------------------------------------------------

    def _black(self, path: Path, old: str, new: str, is_unformatted: bool) -> str:
        if is_unformatted and not self._configuration.has_black():
            return new

        import black

        if _TABS.search(new):
            return new  # lines indented by spaces between lines indented by tabs
        mode = self._black_mode(path)
        try:
            if not is_unformatted and self._is_black(old, mode):
                # All of it was formatted: no other line can change.
                return black.format_str(new, mode=mode)
            if not self._configuration.has_black():
                return new
            touched = _touched(old, new)
            formatted = black.format_str(new, mode=mode, lines=touched)
            return _only_near(new, formatted, touched)
        except Exception:
            # Newer syntax than this black reads, or a fault of its own: the edit
            # stands as it was written.
            return new

    def _is_black(self, text: str, mode: Any) -> bool:
        """Tell whether black would leave a text; asked again for each attempt."""
        import black

        key = hash(text)
        if key not in self._formatted:
            self._formatted[key] = bool(black.format_str(text, mode=mode) == text)
        return self._formatted[key]

    def _black_mode(self, path: Path) -> Any:
        import black
        from black.mode import TargetVersion

        if self._mode is None:
            table = self._configuration.black
            known: dict[str, Any] = {
                key.replace("-", "_"): value for key, value in table.items()
            }
            versions = known.get("target_version") or ()
            targets = {
                TargetVersion[str(version).upper()]
                for version in ([versions] if isinstance(versions, str) else versions)
                if str(version).upper() in TargetVersion.__members__
            }
            length = known.get("line_length")
            self._mode = black.Mode(
                target_versions=targets,
                line_length=length if isinstance(length, int) else 88,
                string_normalization=not known.get("skip_string_normalization"),
                magic_trailing_comma=not known.get("skip_magic_trailing_comma"),
                preview=bool(known.get("preview")),
                is_pyi=path.suffix == ".pyi",
            )
        return self._mode

    def _sorted(self, path: Path, old: str, new: str) -> str:
        if _import_texts(old) == _import_texts(new):
            return new
        try:
            was_sorted = self._isorted(path, old) == old
            return self._isorted(path, new) if was_sorted else new
        except Exception:
            return new

    def _isorted(self, path: Path, text: str) -> str:
        import isort

        if self._isort is None:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                self._isort = (
                    isort.Config(settings_path=str(self._root))
                    if self._configuration.isort
                    else isort.Config(
                        profile="black",
                        src_paths=tuple(self._sources) or (self._root,),
                        directory=str(self._root),
                    )
                )
        # A file that is still to be made is "skipped" by isort, whatever its settings.
        skips = path.exists()
        return str(
            isort.code(
                text, config=self._isort, file_path=path, disregard_skip=not skips
            )
        )

    # -- ruff --------------------------------------------------------------------------

    def _ruff(self, path: Path, old: str, new: str) -> str:
        if self._run_ruff(["format"], path, old) == old:
            return self._run_ruff(["format"], path, new) or new
        # From the end: lines above keep their numbers.
        for first, last in reversed(_touched(old, new)):
            end = last + 1
            new = (
                self._run_ruff(["format", "--range", f"{first}-{end}"], path, new)
                or new
            )
        return new

    def _ruff_imports(self, path: Path, old: str, new: str) -> str:
        if _import_texts(old) == _import_texts(new):
            return new
        if self._run_ruff(_SORT, path, old) != old:
            return new
        return self._run_ruff(_SORT, path, new) or new

    def _run_ruff(self, command: list[str], path: Path, text: str) -> str | None:
        ruff = executable("ruff")
        if ruff is None:
            return None
        try:
            done = subprocess.run(
                [ruff, *command, "--no-cache", "--stdin-filename", str(path), "-"],
                cwd=self._root,
                input=text.encode("utf-8", "surrogatepass"),
                capture_output=True,
                timeout=_SECONDS,
                check=False,
                env=plain_environment(),
            )
        except (OSError, subprocess.SubprocessError):
            return None
        return done.stdout.decode("utf-8") if done.returncode == 0 else None


def _touched(old: str, new: str) -> list[tuple[int, int]]:
    """Return the ranges of lines (from 1, both included) that are new."""
    return [
        (first + 1, max(last, first + 1))
        for _, _, first, last in changed_blocks(split(old), split(new))
    ]


def _only_near(new: str, formatted: str, touched: Sequence[tuple[int, int]]) -> str:
    """Return a text formatted in the given ranges of lines (from 1), and nowhere else.

    Formatting by ranges adds and takes away blank lines elsewhere, too.
    """
    before, after = split(new), split(formatted)
    lines: list[str] = []
    at = 0
    for first, last, begin, end in changed_blocks(before, after):
        lines += before[at:first]
        is_near = any(first <= high and last >= low - 1 for low, high in touched)
        if first == last and _opens_block(before[first - 1] if first else ""):
            # By ranges, black takes what stands above for no head of a block.
            is_near = any(line.strip() for line in after[begin:end])
        lines += after[begin:end] if is_near else before[first:last]
        at = last
    return "".join((*lines, *before[at:]))


def _opens_block(line: str) -> bool:
    return line.partition("#")[0].rstrip().endswith(":")


def _import_texts(text: str) -> list[str]:
    """Return what looks like import statements: where these are the same, so is their
    order."""
    return _IMPORT.findall(text)


def _same_code(one: str, other: str) -> bool:
    """Tell whether two texts are the same code but for the order of imports."""
    try:
        return _shape(one) == _shape(other)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False


def _shape(text: str) -> tuple[list[str], set[str]]:
    tree = ast.parse(text)
    rest = [
        ast.dump(node)
        for node in tree.body
        if not isinstance(node, (ast.Import, ast.ImportFrom))
    ]
    names = {
        f"{getattr(node, 'module', '')} {getattr(node, 'level', 0)} {alias.name} {alias.asname}"
        for node in tree.body
        if isinstance(node, (ast.Import, ast.ImportFrom))
        for alias in node.names
    }
    return rest, names
