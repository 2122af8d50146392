"""A new service: the template, copied with its names changed and a secret of its own."""

from __future__ import annotations

import importlib.metadata
import keyword
import os
import re
import secrets
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from roadworthy.scaffold.errors import ScaffoldError
from roadworthy.scaffold.plan import umask

Database = Literal["sqlite", "postgres", "mysql"]
DATABASES: tuple[Database, ...] = ("sqlite", "postgres", "mysql")

TEMPLATE = Path(__file__).resolve().parent / "service"
"""The template: a service that runs where it stands."""

LONGEST = 40
"""Characters of a name: Kubernetes takes 63, what it appends included."""

_NAME = re.compile(r"[a-z][a-z0-9]*(?:[-_][a-z0-9]+)*")
# What runs and checks leave behind in a checkout; none of it is in a wheel.
_LEFT_BEHIND = re.compile(
    r"__pycache__|\.venv|\.env|\.(mypy|pytest|ruff|roadworthy)_cache|htmlcov"
    r"|\.coverage(\..*)?|.*\.(py[cod]|db|db-shm|db-wal)"
)
_FOLDERS = frozenset(("app", "alembic", "k8s", "tests"))
# What those need in turn, and what installs them.
_WIDELY_USED = frozenset(
    ("pip", "setuptools", "wheel", "uv", "starlette", "pydantic", "jwt", "anyio")
)
_DEVICES = frozenset(
    (
        "aux",
        "con",
        "nul",
        "prn",
        *(f"{d}{n}" for d in ("com", "lpt") for n in range(10)),
    )
)


@dataclass(frozen=True, slots=True)
class Substitution:
    """A text of the template that a new service has otherwise.

    `old` stands exactly once in the file `path`; as a `pattern`, once or more.
    """

    path: str
    old: str
    new: str
    pattern: bool = False

    def apply(self, text: str) -> str:
        """Return the text as the new service has it.

        Raises:
            RuntimeError: the template no longer holds what is to be replaced.
        """
        if self.pattern:
            text, count = re.subn(self.old, self.new, text, flags=re.MULTILINE)
            expected = count > 0
        else:
            expected = text.count(self.old) == 1
            text = text.replace(self.old, self.new)
        if not expected:
            raise RuntimeError(f"{self.path} of the template lacks {self.old!r}")
        return text


@dataclass(frozen=True, slots=True)
class _Driver:
    requirement: str
    url: str


def substitutions(name: str, database: Database) -> tuple[Substitution, ...]:
    """Return every difference between the template and a service of this name."""
    title = re.sub(r"[-_]+", " ", name).capitalize()
    table = name.replace("-", "_")
    drivers = {
        "sqlite": _Driver("aiosqlite>=0.22", f"sqlite+aiosqlite:///./{table}.db"),
        "postgres": _Driver(
            "asyncpg>=0.31",
            f"postgresql+asyncpg://postgres:postgres@localhost:5432/{table}",
        ),
        "mysql": _Driver(
            "aiomysql>=0.3", f"mysql+aiomysql://root:root@localhost:3306/{table}"
        ),
    }
    given, chosen = drivers["sqlite"], drivers[database]
    settings = "app/core/settings.py"
    host = name.replace("_", "-")
    driver = "# the database's driver"
    found = [
        Substitution("pyproject.toml", 'name = "service"', f'name = "{name}"'),
        Substitution(
            settings,
            'DEFAULT_DATABASE_URL: Final = "sqlite+aiosqlite:///./service.db"\n',
            _formatted(f'DEFAULT_DATABASE_URL: Final = "{chosen.url}"\n'),
        ),
        Substitution(
            settings, 'app_name: str = "Service"', f'app_name: str = "{title}"'
        ),
        Substitution(
            settings, 'token_issuer: str = "service"', f'token_issuer: str = "{name}"'
        ),
    ]
    found += [
        Substitution("README.md", "# Service\n", f"# {title}\n"),
        Substitution(
            ".env.example", "# sqlite:///./service.db", f"# sqlite:///./{table}.db"
        ),
        Substitution(
            ".env.example",
            "DATABASE_URL=sqlite:///./service.db",
            "DATABASE_URL=" + re.sub(r"\+\w+", "", chosen.url),
        ),
        Substitution(
            ".github/workflows/ci.yml",
            "docker build --tag service",
            f"docker build --tag {host}",
        ),
    ]
    found += [
        # Names of objects, images and hosts; not the words of Kubernetes itself.
        Substitution(
            path.relative_to(TEMPLATE).as_posix(),
            r"\bservice(?=-config|-secrets|-tls|-migrate|-worker|\.example|[},]|$)",
            host,
            pattern=True,
        )
        for path in sorted((TEMPLATE / "k8s").glob("*.yaml"))
    ]
    if chosen is not given:
        found.append(
            Substitution(
                "pyproject.toml",
                f'"{given.requirement}", {driver}\n',
                f'"{chosen.requirement}", {driver}\n',
            )
        )
    return tuple(found)


def _formatted(code: str) -> str:
    """Return code as the formatter of the new service wants it."""
    import black

    return black.format_str(code, mode=black.Mode())


def create(name: str, parent: Path, database: Database = "sqlite") -> Path:
    """Write a new service into a folder of its name, and return that folder.

    It is written beside and then renamed: either all of it is there or nothing.

    Raises:
        ScaffoldError: the name cannot be used, the folder holds something, or it could
            not be written.
    """
    check_name(name)
    folder = parent / name
    if not parent.is_dir():
        raise ScaffoldError(f"there is no folder {parent}")
    if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
        raise ScaffoldError(f"{folder} is there already, and is no folder")
    if folder.is_dir() and any(folder.iterdir()):
        raise ScaffoldError(
            f"{folder} is there already and is not empty; choose another name, or empty it"
        )
    try:
        building = Path(tempfile.mkdtemp(dir=parent, prefix=f".{name}-"))
    except OSError as error:
        raise ScaffoldError(f"{parent} cannot be written: {error.strerror}") from error
    try:
        _build(building, name, database)
        building.chmod(0o777 & ~umask())
        if folder.is_dir():
            folder.rmdir()  # empty, and not every system renames onto a folder
        building.rename(folder)
    except OSError as error:
        raise ScaffoldError(
            f"{error.filename or folder} cannot be written: {error.strerror or error}"
        ) from error
    finally:
        if building.exists():
            shutil.rmtree(building, ignore_errors=True)
    return folder


def check_name(name: str) -> None:
    """See to it that a name can be that of a folder, a distribution and a container.

    Raises:
        ScaffoldError: it cannot; the message says why and what would do.
    """
    if not _NAME.fullmatch(name):
        near = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-0123456789")
        hint = f"; `{near}` would do" if _is_free(near) else ""
        raise ScaffoldError(
            f"`{name}` cannot be the name of a service: it needs small letters, digits "
            f"and single hyphens or underscores, a letter first{hint}"
        )
    if len(name) > LONGEST:
        raise ScaffoldError(
            f"`{name}` has {len(name)} characters; {LONGEST} are the most, so that "
            "container platforms take it"
        )
    module = name.replace("-", "_")
    for taken, what in _clashes():
        if taken(module):
            raise ScaffoldError(
                f"`{name}` cannot be the name of a service: it is {what}; choose another"
            )


def _is_free(name: str) -> bool:
    if not _NAME.fullmatch(name) or len(name) > LONGEST:
        return False
    module = name.replace("-", "_")
    return not any(taken(module) for taken, _ in _clashes())


def _clashes() -> Iterator[tuple[Callable[[str], bool], str]]:
    yield lambda word: keyword.iskeyword(word), "a keyword of Python"
    yield lambda word: word in sys.stdlib_module_names, "a module of Python's own library"
    yield lambda word: word in _FOLDERS, "a folder within the service"
    yield lambda word: word in _DEVICES, "a device on Windows"
    yield lambda word: word in _requirements(), "a package that the service needs"
    yield _is_installed, "an installed package"


def _requirements() -> frozenset[str]:
    """Return the packages that the template's pyproject.toml asks for, as modules."""
    text = (TEMPLATE / "pyproject.toml").read_text(encoding="utf-8")
    found = re.findall(
        r'^ *"([A-Za-z0-9._-]+)(?:\[[^\]]*\])?[<>=~!]', text, re.MULTILINE
    )
    return _WIDELY_USED.union(re.sub(r"[-.]", "_", word.lower()) for word in found)


def _is_installed(module: str) -> bool:
    try:
        importlib.metadata.distribution(module)
    except importlib.metadata.PackageNotFoundError:
        return False
    return True


def template_files() -> list[str]:
    """Return the files of the template, relative to it and sorted, with `/`."""
    found = []
    for folder, folders, files in os.walk(TEMPLATE):
        folders[:] = [each for each in folders if not _LEFT_BEHIND.fullmatch(each)]
        found += [
            (Path(folder) / file).relative_to(TEMPLATE).as_posix()
            for file in files
            if not _LEFT_BEHIND.fullmatch(file)
        ]
    return sorted(found)


def _build(building: Path, name: str, database: Database) -> None:
    changed: dict[str, list[Substitution]] = {}
    for each in substitutions(name, database):
        changed.setdefault(each.path, []).append(each)
    for path in template_files():
        target = building / path
        target.parent.mkdir(parents=True, exist_ok=True)
        content = (TEMPLATE / path).read_bytes()
        for each in changed.pop(path, ()):
            content = each.apply(content.decode()).encode()
        target.write_bytes(content)
        if (TEMPLATE / path).stat().st_mode & 0o100:
            target.chmod(target.stat().st_mode | 0o111 & ~umask())
    if changed:
        raise RuntimeError(f"the template lacks {', '.join(changed)}")
    (building / ".env").write_text(_environment(), encoding="utf-8")
    (building / ".env").chmod(0o600)


def _environment() -> str:
    return (
        "# Settings of this machine. Git ignores this file: keep it so.\n"
        "# .env.example lists all there are.\n"
        "ENVIRONMENT=development\n"
        f"SECRET_KEY={secrets.token_urlsafe(48)}\n"
    )
