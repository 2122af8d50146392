"""The tools that are compared: where they are, and how each is run and read."""

from __future__ import annotations

import os
import re
import shutil
import site
import subprocess
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from blockbench import sites
from blockbench.sites import Site

Parse = Callable[[str, Path], frozenset[Site]]


@dataclass(frozen=True, slots=True)
class Kind:
    """How a tool is run on a tree and its output read.

    `options` are the words after the program; `{tree}` stands for the tree's folder,
    `{files}` for its Python files and `{python}` for the service's environment (left out
    with the word before it where there is none). `caches` are the folders that the tool
    keeps in the tree; what it keeps elsewhere goes into a home of its own.
    """

    name: str
    options: tuple[str, ...]
    parse: Parse
    caches: tuple[str, ...] = ()
    is_python: bool = False
    """Whether it is a program of Python that cannot tell its version itself."""


@dataclass(frozen=True, slots=True)
class Tool:
    """A kind of tool as it is installed here."""

    kind: Kind
    program: tuple[str, ...]
    version: str
    interpreter: str | None = None
    """The Python that runs it, of tools that are told apart by it (`is_python`)."""

    @property
    def name(self) -> str:
        """The name in reports."""
        return self.kind.name

    def command(
        self, tree: Path, python: str | None, unread: Collection[str] = ()
    ) -> list[str]:
        """Return the whole command that checks a tree, all but the `unread` files."""
        words: list[str] = list(self.program)
        for word in self.kind.options:
            if word == "{files}":
                files = (f for f in sites.python_files(tree) if f not in unread)
                words += (str(tree / path) for path in files)
            elif word == "{python}":
                if python is None:
                    words.pop()
                else:
                    words.append(python)
            else:
                words.append(word.replace("{tree}", str(tree)))
        return words


ROADWORTHY = Kind(
    "roadworthy",
    (
        *("check", "{tree}", "--format", "json"),
        *("--select", ",".join(sites.ROADWORTHY_RULES), "--python", "{python}"),
    ),
    sites.parse_roadworthy,
    caches=(".roadworthy_cache",),
)

# Each peer shows all it knows: every tier, nothing suppressed by comments or settings.
PEERS = (
    Kind(
        "hydroid",
        ("{tree}", "--cpu", "--format", "json", "--python", "{python}"),
        sites.parse_hydroid,
        caches=(".hydroid_cache",),
    ),
    Kind(
        "blockpath",
        (
            *("check", "{tree}", "--json", "--no-config"),
            *("--tier", "error", "--tier", "warning", "--tier", "off"),
        ),
        sites.parse_blockpath,
    ),
    Kind(
        "fastapi-therapist",
        ("{tree}", "--json", "--audit", "--no-ruff", "--no-vulture"),
        sites.parse_therapist,
    ),
    Kind(
        "ruff",
        (
            *("check", "{tree}", "--isolated", "--select", "ASYNC"),
            *("--ignore-noqa", "--output-format", "json"),
        ),
        sites.parse_ruff,
    ),
    Kind(
        "flake8-async",
        ("--asyncio", "--disable-noqa", "--enable", "ASYNC2", "{files}"),
        sites.parse_flake8_async,
        is_python=True,
    ),
)


def find_roadworthy(python: str) -> Tool | str:
    """Return roadworthy as this interpreter runs it, or why it cannot."""
    program = (python, "-m", "roadworthy")
    version = _version([*program, "--version"])
    if version is None:
        return f"{python} cannot import it; install it there or set PYTHONPATH=src"
    return Tool(ROADWORTHY, program, version)


def find_peer(kind: Kind, folder: Path | None) -> Tool | str:
    """Return a peer from a folder of programs, or from PATH, or why it is not there."""
    found = shutil.which(kind.name, path=str(folder)) if folder else None
    found = found or shutil.which(kind.name)
    if found is None:
        return f"not in {folder} and not on PATH" if folder else "not on PATH"
    program = str(Path(found).absolute())
    interpreter = None
    if kind.is_python:
        asked = "import importlib.metadata as m, sys; print(m.version(sys.argv[1]))"
        interpreter = str(Path(program).resolve().with_name("python"))
        version = _version([interpreter, "-c", asked, kind.name])
    else:
        version = _version([program, "--version"])
    return Tool(kind, (program,), version or "unknown version", interpreter)


_PARSE = """
import ast, sys, warnings
warnings.simplefilter("ignore")
for line in sys.stdin.buffer:
    path = line.rstrip(b"\\n")
    try:
        ast.parse(open(path, "rb").read())
    except Exception:
        sys.stdout.buffer.write(line)
"""


def unreadable(tool: Tool, tree: Path) -> tuple[str, ...]:
    """Return the files that a tool would end at, its interpreter being older than they.

    Only of tools that are given each file: the others deal with such files themselves.
    """
    if tool.interpreter is None or "{files}" not in tool.kind.options:
        return ()
    files = [path for path in sites.python_files(tree) if "\n" not in path]
    done = subprocess.run(
        [tool.interpreter, "-I", "-c", _PARSE],
        input=b"".join(os.fsencode(tree / path) + b"\n" for path in files),
        capture_output=True,
        check=False,
    )
    bad = set(done.stdout.splitlines())
    return tuple(path for path in files if os.fsencode(tree / path) in bad)


def _version(command: list[str]) -> str | None:
    """Return the version that a command prints, or None if it fails."""
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=60, check=False
        )
    except (OSError, subprocess.SubprocessError):
        return None
    if done.returncode != 0:
        return None
    found = re.search(r"\d+(\.\w+)+", done.stdout)
    return found[0] if found else None


def environment(
    tool: Tool, home: Path, base: Mapping[str, str] = os.environ
) -> dict[str, str]:
    """Return the environment of a tool's runs: a home of its own, and nobody's settings.

    Emptying that home empties every cache that the tool keeps outside the tree.
    """
    foreign = ("VIRTUAL_ENV", "RUFF_", "CONDA_", "XDG_", "PYTHONDONTWRITEBYTECODE")
    kept = {name: v for name, v in base.items() if not name.startswith(foreign)}
    if tool.kind is not ROADWORTHY:
        kept.pop("PYTHONPATH", None)
    kept.setdefault("PYTHONUSERBASE", site.getuserbase())
    kept["HOME"] = str(home)
    kept["XDG_CACHE_HOME"] = str(home / ".cache")
    kept["NO_COLOR"] = "1"
    return kept


def empty_caches(tool: Tool, tree: Path, home: Path) -> None:
    """Remove all that a tool has kept from earlier runs."""
    shutil.rmtree(home, ignore_errors=True)
    home.mkdir(parents=True)
    for name in tool.kind.caches:
        shutil.rmtree(tree / name, ignore_errors=True)
