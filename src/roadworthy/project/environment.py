"""The virtual environment of the project, found as uv and ty find it.

Nothing is run: the interpreter's version and its folders of packages are read from
files.
"""

from __future__ import annotations

import ast
import os
import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

WITHOUT = (
    "installed libraries are not read, so blocking calls that lie behind them, and "
    "methods of values whose types they define, may be missed"
)
"""What is lost where there is no environment."""


@dataclass(frozen=True, slots=True)
class Environment:
    """Where the project's installed libraries are.

    `site_packages` are folders of installed packages, in the order in which Python
    searches them; `editable` are source folders that `.pth` files add. `origin` says
    how the environment was found.
    """

    prefix: Path
    site_packages: tuple[Path, ...]
    editable: tuple[Path, ...]
    python_version: tuple[int, int] | None
    interpreter: Path | None
    origin: str

    @property
    def search_path(self) -> tuple[Path, ...]:
        """Every folder that an import of a library may start from."""
        return (*self.site_packages, *self.editable)


def find_environment(
    root: Path,
    python: Path | None = None,
    environ: Mapping[str, str] | None = None,
) -> tuple[Environment | None, str | None]:
    """Return the project's environment and, where something is amiss, a one-line note.

    In this order: `python` (an interpreter or an environment's folder), `VIRTUAL_ENV`,
    `CONDA_PREFIX`, then `.venv` in `root` or a folder above it.
    """
    environ = os.environ if environ is None else environ
    missing = ""
    for origin, place in _candidates(root, python, environ):
        environment, fault = _read(place, origin)
        if environment:
            return environment, missing or None
        if origin == "--python":
            return None, f"--python {place}: {fault}; {WITHOUT}"
        missing = missing or f"{origin} {place}: {fault}; it was passed over"
    if missing:
        return None, f"{missing.removesuffix('; it was passed over')}; {WITHOUT}"
    return None, (
        "no virtual environment found (looked at --python, VIRTUAL_ENV and .venv): "
        f"{WITHOUT}"
    )


def _candidates(
    root: Path, python: Path | None, environ: Mapping[str, str]
) -> Iterator[tuple[str, Path]]:
    if python is not None:
        yield "--python", python
        return
    if active := environ.get("VIRTUAL_ENV"):
        yield "VIRTUAL_ENV", Path(active)
    if (conda := environ.get("CONDA_PREFIX")) and (
        environ.get("CONDA_DEFAULT_ENV") not in (None, "", "base", "root")
    ):
        yield "CONDA_PREFIX", Path(conda)
    start = root.absolute()
    for folder in (start, *start.parents):
        place = folder / ".venv"
        if place.is_dir():
            yield ".venv", place
        if (folder / ".git").exists():
            break


def _read(place: Path, origin: str) -> tuple[Environment | None, str]:
    """Read the environment at a place; return it, or what is wrong with the place."""
    if not place.exists():
        return None, "no such file or folder"
    if place.is_dir():
        prefix, interpreter = place, _interpreter_in(place)
    else:
        interpreter = place
        prefix = _prefix_of(place)
    settings = _pyvenv(prefix / "pyvenv.cfg")
    version = _version(settings, interpreter)
    folders = list(_package_folders(prefix, version))
    if (
        settings is None
        and origin in ("--python", ".venv", "VIRTUAL_ENV")
        and not folders
    ):
        return None, "not a virtual environment, and no installed packages are there"
    if settings is not None and not folders:
        return None, "this virtual environment is broken (it has no site-packages)"
    if version is None:
        version = _version_of_folder(folders[0]) if folders else None
    if settings and settings.get("include-system-site-packages", "").lower() == "true":
        home = settings.get("home")
        if home:
            folders += _package_folders(Path(home).parent, version)
    folders = list(dict.fromkeys(folders))
    return (
        Environment(
            prefix=prefix,
            site_packages=tuple(folders),
            editable=tuple(dict.fromkeys(_editable(folders))),
            python_version=version,
            interpreter=interpreter,
            origin=origin,
        ),
        "",
    )


def _interpreter_in(prefix: Path) -> Path | None:
    for name in ("bin/python", "bin/python3", "Scripts/python.exe", "python.exe"):
        if (prefix / name).exists():
            return prefix / name
    return None


def _prefix_of(interpreter: Path) -> Path:
    """Return the folder that an interpreter belongs to: its environment, or its own."""
    own = interpreter.absolute().parent.parent
    if (own / "pyvenv.cfg").is_file():
        return own
    if (interpreter.absolute().parent / "pyvenv.cfg").is_file():
        return interpreter.absolute().parent
    if any(_package_folders(own, None)):
        return own
    return interpreter.resolve().parent.parent


def _pyvenv(file: Path) -> dict[str, str] | None:
    """Return the settings of a `pyvenv.cfg`, or None where there is no such file."""
    try:
        lines = file.read_text("utf-8", errors="replace").splitlines()
    except OSError:
        return None
    pairs = (line.partition("=") for line in lines)
    return {key.strip().lower(): value.strip() for key, _, value in pairs}


def _version(
    settings: Mapping[str, str] | None, interpreter: Path | None
) -> tuple[int, int] | None:
    for key in ("version_info", "version"):
        if settings and (match := re.match(r"(\d+)\.(\d+)", settings.get(key, ""))):
            return int(match[1]), int(match[2])
    if interpreter is not None:
        match = re.search(r"python(\d+)\.(\d+)", os.path.realpath(interpreter))
        if match:
            return int(match[1]), int(match[2])
    return None


def _version_of_folder(folder: Path) -> tuple[int, int] | None:
    match = re.search(r"(?:python|pypy)(\d+)\.(\d+)", str(folder))
    return (int(match[1]), int(match[2])) if match else None


def _package_folders(prefix: Path, version: tuple[int, int] | None) -> Iterator[Path]:
    """Yield the folders of installed packages below an environment's prefix."""
    if (prefix / "Lib" / "site-packages").is_dir() and sys.platform == "win32":
        yield prefix / "Lib" / "site-packages"
        return
    for base in (prefix / "local" / "lib", prefix / "lib", prefix / "lib64"):
        if base.is_symlink() or not base.is_dir():
            continue
        try:
            names = sorted(entry.name for entry in base.iterdir())
        except OSError:
            continue
        for name in names:
            match = re.fullmatch(r"(?:python|pypy)(\d+)(?:\.(\d+))?t?", name)
            if not match:
                continue
            if version and match[2] and (int(match[1]), int(match[2])) != version:
                continue
            for kind in ("site-packages", "dist-packages"):
                if (base / name / kind).is_dir():
                    yield base / name / kind


def _editable(folders: list[Path]) -> Iterator[Path]:
    """Yield the source folders that files in the folders of packages point to."""
    for folder in folders:
        try:
            entries = sorted(folder.iterdir())
        except OSError:
            continue
        for entry in entries:
            if entry.suffix == ".pth":
                yield from _pth(entry)
            elif entry.name.startswith("__editable__") and entry.suffix == ".py":
                yield from _finder(entry)


def _pth(file: Path) -> Iterator[Path]:
    try:
        lines = file.read_text("utf-8", errors="replace").splitlines()
    except OSError:
        return
    for line in lines:
        line = line.strip()
        # Lines that begin with `import` are code, which is not run.
        if not line or line.startswith(("#", "import ", "import\t")):
            continue
        try:
            path = Path(os.path.normpath(file.parent / line))
            if path.is_dir():
                yield path
        except (OSError, ValueError):
            continue


def _finder(file: Path) -> Iterator[Path]:
    """Read the mapping of a setuptools finder: package name to the package's folder."""
    try:
        text = file.read_text("utf-8", errors="replace")
        match = re.search(r"^MAPPING(?::[^=]*)?\s*=\s*(\{.*?\})\s*$", text, re.M)
        mapping = ast.literal_eval(match[1]) if match else {}
    except (OSError, ValueError, SyntaxError, RecursionError, MemoryError):
        return
    if not isinstance(mapping, dict):
        return
    for name, target in mapping.items():
        if not isinstance(name, str) or not isinstance(target, str):
            continue
        path = Path(target)
        # Only where the folder bears the package's name can it be found by its parent.
        if path.name == name.rpartition(".")[2] and path.parent.is_dir():
            yield path.parents[name.count(".")]
