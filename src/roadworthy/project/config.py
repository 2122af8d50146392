"""Settings of a run: `[tool.roadworthy]` of the nearest `pyproject.toml`, then flags."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, cast

from roadworthy.project.errors import ConfigurationError, ProjectError
from roadworthy.project.selection import is_selected, parse_codes

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

FailOn = Literal["error", "warning", "advice", "never"]

FAIL_ON: tuple[FailOn, ...] = ("error", "warning", "advice", "never")

DEFAULT_TESTS: tuple[str, ...] = (
    "test/",
    "tests/",
    "testing/",
    "test_*.py",
    "*_test.py",
    "conftest.py",
)
"""Where tests are, as patterns of `.gitignore`."""

EFFECT_KEYS: Mapping[str, str] = {
    "effect": "text",
    "why": "text",
    "instead": "text",
    "thread": "true or false",
    "calls": "a list of texts",
    "except": "a list of texts",
    "iterates": "a list of texts",
    "enters": "a list of texts",
    "exits": "a list of texts",
    "reads": "a list of texts",
    "when": "a table",
    "unless": "a table",
}
"""Keys of a group of blocking calls, as in the catalogue, and what each must be."""

_EFFECTS = (
    "http",
    "database",
    "sleep",
    "file",
    "file-metadata",
    "subprocess",
    "cpu",
    "wait",
    "network",
)


@dataclass(frozen=True, slots=True)
class Settings:
    """What a run is to do; made from the defaults, the configuration file and flags.

    `root` is the folder (or the single file) to check. `extra_effects` are groups with
    the keys of `[[blocks]]` in the catalogue. `per_file_ignores` and `exclude` are
    patterns of `.gitignore`, relative to `base`: the configuration file's folder, or
    `root` where there is none.
    """

    root: Path = Path()
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    per_file_ignores: tuple[tuple[str, tuple[str, ...]], ...] = ()
    fail_on: FailOn = "warning"
    python: Path | None = None
    use_cache: bool = True
    strict: bool = False
    tests: tuple[str, ...] = DEFAULT_TESTS
    extra_effects: tuple[Mapping[str, Any], ...] = field(default=())
    config_file: Path | None = None
    fixes: bool = False
    """Whether the run is to mend: then no fix is left out for the time it takes."""

    @property
    def folder(self) -> Path:
        """The folder that paths in a report are relative to."""
        return self.root.parent if self.root.is_file() else self.root

    @property
    def base(self) -> Path:
        """The folder that patterns are relative to."""
        return self.config_file.parent if self.config_file else self.folder

    def selects(self, code: str) -> bool:
        """Tell whether the rule of this code is wanted."""
        return is_selected(code, self.select, self.ignore)


def load_settings(root: Path) -> Settings:
    """Return the settings for a folder or file from the nearest configuration.

    The nearest is the first `pyproject.toml` with a table `[tool.roadworthy]`, from
    `root` upwards to the top of the repository.

    Raises:
        ConfigurationError: the file is not TOML, or a setting is unknown or of the
            wrong type.
    """
    for file in configuration_files(root):
        table, text = _read_table(file)
        if table is not None:
            return _Reader(file, text).settings(root, table)
    return Settings(root=root)


def configuration_files(root: Path) -> list[Path]:
    """Return every `pyproject.toml` at or above `root`, the nearest first.

    The search ends at the top of the repository (the folder with `.git`).
    """
    found = []
    start = root.parent if root.is_file() else root
    for folder in (start, *start.parents):
        file = folder / "pyproject.toml"
        if file.is_file():
            found.append(file)
        if (folder / ".git").exists():
            break
    return found


def _read_table(file: Path) -> tuple[Mapping[str, Any] | None, str]:
    """Return the table `[tool.roadworthy]`, if there is one, and the file's text."""
    try:
        text = file.read_bytes().decode("utf-8")
    except OSError as error:
        raise ConfigurationError(
            str(file),
            1,
            f"this file cannot be read ({error.strerror}); give the user who runs "
            "roadworthy the right to read it",
            broken=True,
        ) from error
    except UnicodeDecodeError as error:
        line = file.read_bytes()[: error.start].count(b"\n") + 1
        raise ConfigurationError(
            str(file), line, "not UTF-8; save the file as UTF-8", broken=True
        ) from error
    try:
        tool = tomllib.loads(text).get("tool")
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        message = str(error)
        place = re.search(r"\s*\(at line (\d+), column \d+\)", message)
        if place:
            line = int(place[1])
            message = message.replace(place[0], "")
        else:
            line = text.count("\n") + 1 if "end of document" in message else 1
        reason = message[:1].lower() + message[1:]
        raise ConfigurationError(
            str(file), line, f"not TOML: {reason}; mend this line", broken=True
        ) from error
    if not isinstance(tool, dict) or "roadworthy" not in tool:
        return None, text
    table = tool["roadworthy"]
    if not isinstance(table, dict):
        raise ConfigurationError(
            str(file),
            _line_of(text, ("tool",), "roadworthy"),
            "`tool.roadworthy` must be a table",
        )
    return table, text


def _line_of(text: str, table: tuple[str, ...], key: str, occurrence: int = 0) -> int:
    """Return the line on which a key stands, or that of its table's heading."""
    heading = re.compile(r"\s*\[\[?\s*([^\]]+?)\s*\]\]?")
    assignment = re.compile(rf"\s*(?:[\w.-]+\.)?[\"']?{re.escape(key)}[\"']?\s*[=.]")
    wanted = ".".join(table)
    seen = -1
    fallback = 1
    inside = False
    for number, line in enumerate(text.splitlines(), 1):
        if match := heading.match(line):
            name = re.sub(r"\s*\.\s*", ".", match[1]).replace('"', "")
            inside = name == wanted
            if inside:
                seen += 1
                if seen == occurrence:
                    fallback = number
            elif name == f"{wanted}.{key}":
                return number
        elif inside and seen == occurrence and assignment.match(line):
            return number
    if fallback == 1:
        # Written as `[tool]` with `roadworthy.select = …`, or inline.
        for number, line in enumerate(text.splitlines(), 1):
            if assignment.match(line):
                return number
    return fallback


class _Reader:
    """Turns a configuration table into settings and knows where to point at faults."""

    def __init__(self, file: Path, text: str) -> None:
        self._file = file
        self._text = text

    def settings(self, root: Path, table: Mapping[str, Any]) -> Settings:
        values: dict[str, Any] = {}
        for key, value in table.items():
            match key:
                case "select" | "ignore":
                    values[key] = self._codes(key, value)
                case "exclude" | "tests":
                    values[key] = self._texts(key, value)
                case "per-file-ignores":
                    values["per_file_ignores"] = self._per_file_ignores(value)
                case "fail-on":
                    if value not in FAIL_ON:
                        choices = ", ".join(f'"{choice}"' for choice in FAIL_ON)
                        raise self._fault(key, f"`fail-on` must be one of {choices}")
                    values["fail_on"] = value
                case "python":
                    if not isinstance(value, str) or not value:
                        raise self._fault(
                            key,
                            "`python` must be the path of a virtual environment or of "
                            "an interpreter, as text",
                        )
                    values["python"] = self._file.parent / Path(value).expanduser()
                case "strict" | "cache":
                    if not isinstance(value, bool):
                        raise self._fault(key, f"`{key}` must be true or false")
                    values["use_cache" if key == "cache" else key] = value
                case "effects":
                    values["extra_effects"] = self._effects(value)
                case _:
                    raise self._unknown(key, _KEYS, ("tool", "roadworthy"))
        return Settings(root=root, config_file=self._file, **values)

    def _fault(
        self,
        key: str,
        message: str,
        table: tuple[str, ...] = ("tool", "roadworthy"),
        occurrence: int = 0,
    ) -> ConfigurationError:
        line = _line_of(self._text, table, key, occurrence)
        return ConfigurationError(str(self._file), line, message)

    def _unknown(
        self,
        key: str,
        known: tuple[str, ...],
        table: tuple[str, ...],
        occurrence: int = 0,
    ) -> ConfigurationError:
        import difflib

        near = difflib.get_close_matches(key.replace("_", "-"), known, 1)
        advice = (
            f"did you mean `{near[0]}`?"
            if near
            else "known are " + ", ".join(f"`{name}`" for name in known)
        )
        return self._fault(
            key, f"`{key}` is not a setting of roadworthy; {advice}", table, occurrence
        )

    def _texts(
        self,
        key: str,
        value: object,
        table: tuple[str, ...] = ("tool", "roadworthy"),
        occurrence: int = 0,
    ) -> tuple[str, ...]:
        if not isinstance(value, list) or not all(isinstance(v, str) for v in value):
            raise self._fault(
                key, f"`{key}` must be a list of texts", table, occurrence
            )
        return tuple(value)

    def _codes(
        self,
        key: str,
        value: object,
        table: tuple[str, ...] = ("tool", "roadworthy"),
    ) -> tuple[str, ...]:
        try:
            return parse_codes(self._texts(key, value, table))
        except ValueError as error:
            raise self._fault(key, str(error), table) from error

    def _per_file_ignores(
        self, value: object
    ) -> tuple[tuple[str, tuple[str, ...]], ...]:
        if not isinstance(value, dict):
            raise self._fault(
                "per-file-ignores",
                "`per-file-ignores` must be a table of patterns and their codes, such "
                'as `"scripts/*" = ["RW304"]`',
            )
        table = ("tool", "roadworthy", "per-file-ignores")
        return tuple(
            (pattern, self._codes(pattern, codes, table))
            for pattern, codes in value.items()
        )

    def _effects(self, value: object) -> tuple[Mapping[str, Any], ...]:
        if not isinstance(value, list) or not all(isinstance(v, dict) for v in value):
            raise self._fault(
                "effects",
                "`effects` must be written as groups, each under "
                "`[[tool.roadworthy.effects]]`",
            )
        groups = cast(list[dict[str, Any]], value)
        for index, group in enumerate(groups):
            self._check_effect(group, index)
        return tuple(groups)

    def _check_effect(self, group: Mapping[str, Any], index: int) -> None:
        table = ("tool", "roadworthy", "effects")
        for key, value in group.items():
            if key not in EFFECT_KEYS:
                raise self._unknown(key, tuple(EFFECT_KEYS), table, index)
            kind = EFFECT_KEYS[key]
            fits = {
                "text": isinstance(value, str),
                "true or false": isinstance(value, bool),
                "a list of texts": isinstance(value, list)
                and all(isinstance(item, str) for item in value),
                "a table": isinstance(value, dict),
            }[kind]
            if not fits:
                raise self._fault(key, f"`{key}` must be {kind}", table, index)
        if group.get("effect") not in _EFFECTS:
            raise self._fault(
                "effect",
                "`effect` must be one of " + ", ".join(f'"{e}"' for e in _EFFECTS),
                table,
                index,
            )
        if not any(
            group.get(k) for k in ("calls", "iterates", "enters", "exits", "reads")
        ):
            raise self._fault(
                "calls",
                "this group names no call: give `calls`, a list of dotted names such "
                'as "library.Client.send"',
                table,
                index,
            )


_KEYS = (
    "select",
    "ignore",
    "exclude",
    "per-file-ignores",
    "fail-on",
    "python",
    "strict",
    "cache",
    "tests",
    "effects",
)

__all__ = [
    "DEFAULT_TESTS",
    "FAIL_ON",
    "ConfigurationError",
    "FailOn",
    "ProjectError",
    "Settings",
    "configuration_files",
    "load_settings",
]
