"""Every name of the effects catalogue exists in the released version of its library.

Names of the standard library are looked up in the running interpreter, the others in an
environment of their own, made from `libraries.txt` (`ROADWORTHY_LIBRARIES` names the
interpreter of one that exists). Libraries too heavy for it, or released as source only,
stand in `heavy.txt` with the packages they hold; `ROADWORTHY_HEAVY=1` installs them too.
"""

from __future__ import annotations

import functools
import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from environments import kept, run, uv_command

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

HERE = Path(__file__).parent
CATALOGUE = HERE.parents[1] / "src" / "roadworthy" / "effects" / "catalogue"
RESOLVER = HERE / "resolve_names.py"
PATTERN_LISTS = ("calls", "except", "iterates", "enters", "exits", "reads")
TYPES_WITHOUT_A_MODULE = {
    "Self",
    "T",
    "None",
    "iter",
    "list",
    "set",
    "tuple",
    "type",
    "Iterator",
    "Awaitable",
}
#: Libraries that do more on import than define names: litellm asks the network for prices,
#: eventlet loads others with its own sockets in the place of Python's.
QUIET_IMPORTS = {"LITELLM_LOCAL_MODEL_COST_MAP": "True", "EVENTLET_NO_GREENDNS": "yes"}
INSTALL_SECONDS = 1500
RESOLVE_SECONDS = 600


@dataclass(frozen=True, slots=True)
class Claim:
    """A name that a catalogue file says exists."""

    file: str
    name: str
    dynamic: bool = False


@dataclass(frozen=True, slots=True)
class Alias:
    """Two names that a catalogue file says are one object."""

    file: str
    defining: str
    public: str


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a claim. Kind is `absent`, `name` or `alias`."""

    kind: str
    name: str
    text: str


def version(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split("."))


def runs_here(group: Mapping[str, object]) -> bool:
    """Whether the running Python is one whose library has the group's names."""
    since, until = group.get("since"), group.get("until")
    here = sys.version_info[:2]
    if isinstance(since, str) and here < version(since):
        return False
    return not (isinstance(until, str) and here >= version(until))


def types_in(text: str) -> Iterator[str]:
    """The class names in a type of `returns`: `Query[Self]` holds `Query`."""
    for part in (
        text.replace("[", " ")
        .replace("]", " ")
        .replace(",", " ")
        .replace("|", " ")
        .split()
    ):
        if part not in TYPES_WITHOUT_A_MODULE:
            yield part


@functools.cache
def documents() -> tuple[tuple[str, dict[str, object]], ...]:
    """Every file of the catalogue: its name, and what it says."""
    return tuple(
        (path.name, tomllib.loads(path.read_text(encoding="utf-8")))
        for path in sorted(CATALOGUE.glob("*.toml"))
    )


def table(document: Mapping[str, object], key: str) -> dict[str, object]:
    value = document.get(key, {})
    assert isinstance(value, dict), f"[{key}] is not a table"
    return value


def groups(document: Mapping[str, object]) -> list[dict[str, object]]:
    value = document.get("blocks", [])
    assert isinstance(value, list)
    return value


def names_of(group: Mapping[str, object]) -> Iterator[str]:
    for key in PATTERN_LISTS:
        listed = group.get(key, [])
        assert isinstance(listed, list)
        yield from listed


def owner(pattern: str) -> str:
    """What a name of a group hangs on: the part before a pattern, or before the last dot."""
    return (
        pattern.split("*", 1)[0].rstrip(".")
        if "*" in pattern
        else pattern.rpartition(".")[0]
    )


@functools.cache
def later_names() -> frozenset[str]:
    """Names that the running Python's library does not have yet (`[since]`)."""
    here = sys.version_info[:2]
    return frozenset(
        name
        for _, document in documents()
        for name, since in table(document, "since").items()
        if here < version(str(since))
    )


def is_later(name: str) -> bool:
    return any(name == later or name.startswith(f"{later}.") for later in later_names())


@functools.cache
def dynamic_owners() -> frozenset[str]:
    """Classes and modules some of whose attributes exist at run time only."""
    found: set[str] = set()
    for _, document in documents():
        for group in groups(document):
            if group.get("dynamic"):
                found.update(owner(name) for name in names_of(group))
    return frozenset(found - {""})


def claims() -> Iterator[Claim]:
    """Every name of every catalogue file, but for those of another Python version."""
    run_time = dynamic_owners()

    def made_at_run_time(name: str) -> bool:
        return any(name == base or name.startswith(f"{base}.") for base in run_time)

    for file, document in documents():
        for group in groups(document):
            if not runs_here(group):
                continue
            for name in names_of(group):
                yield Claim(
                    file,
                    name,
                    bool(group.get("dynamic"))
                    or ("*" not in name and made_at_run_time(name)),
                )
        for key in ("returns", "attributes"):
            for name, result in table(document, key).items():
                yield Claim(file, name, made_at_run_time(name))
                for part in types_in(str(result)):
                    yield Claim(file, part, made_at_run_time(part))
        for name, bases in table(document, "bases").items():
            assert isinstance(bases, list), f"{file}: [bases] {name} is not a list"
            for base in (name, *bases):
                yield Claim(file, base, made_at_run_time(base))
        callables = [table(document, key) for key in ("calls", "schedules")]
        offload = table(document, "offload")
        callables += [table(offload, kind) for kind in offload]
        for names in callables:
            for name in names:
                yield Claim(file, name, made_at_run_time(name))
        quiet = table(document, "packages").get("quiet", [])
        assert isinstance(quiet, list)
        for name in quiet:
            yield Claim(file, name)


def aliases() -> Iterator[Alias]:
    for file, document in documents():
        for defining, public in table(document, "aliases").items():
            yield Alias(file, defining, str(public))


def in_standard_library(name: str) -> bool:
    return name.partition(".")[0] in sys.stdlib_module_names


@functools.cache
def changed_with_python() -> frozenset[str]:
    """Modules of Python's library that not every supported version has."""
    found: set[str] = set()
    for _, document in documents():
        for group in groups(document):
            if not runs_here(group):
                found.update(name.partition(".")[0] for name in names_of(group))
    return frozenset(found)


def is_standard(name: str) -> bool:
    return in_standard_library(name) or name.partition(".")[0] in changed_with_python()


def resolve(
    interpreter: Path, names: list[Claim], pairs: list[Alias], answer: Path
) -> list[Problem]:
    """Ask the interpreter which of the names do not exist."""
    request = {
        "names": sorted({(claim.name, claim.dynamic) for claim in names}),
        "aliases": sorted({(pair.defining, pair.public) for pair in pairs}),
    }
    finished = subprocess.run(
        [str(interpreter), "-X", "utf8", str(RESOLVER), str(answer)],
        input=json.dumps(request),
        capture_output=True,
        text=True,
        timeout=RESOLVE_SECONDS,
        check=False,
        env={**os.environ, "PYTHONPATH": "", **QUIET_IMPORTS},
        cwd=answer.parent,
    )
    assert finished.returncode == 0, finished.stderr[-4000:]
    return [
        Problem(*problem) for problem in json.loads(answer.read_text(encoding="utf-8"))
    ]


def listing(problems: list[Problem], names: list[Claim], pairs: list[Alias]) -> str:
    """The problems, one a line, each with the files that hold the name."""
    files: dict[str, set[str]] = {}
    for claim in names:
        files.setdefault(claim.name, set()).add(claim.file)
    for pair in pairs:
        files.setdefault(pair.defining, set()).add(pair.file)
    lines = [
        f"{', '.join(sorted(files[problem.name]))}: {problem.name}: {problem.text}"
        for problem in problems
    ]
    return "\n".join(sorted(lines))


# --- the environment of the libraries -----------------------------------------


def requirements(path: Path) -> list[str]:
    """The requirements of a list, comments taken off."""
    lines = (
        line.partition("#")[0].strip()
        for line in path.read_text(encoding="utf-8").splitlines()
    )
    return [line for line in lines if line]


def heavy_packages() -> frozenset[str]:
    """The import names that stand in the comments of `heavy.txt`."""
    found: set[str] = set()
    for line in (HERE / "heavy.txt").read_text(encoding="utf-8").splitlines():
        requirement, _, comment = line.partition("#")
        if requirement.strip():
            found.update(comment.split())
    return frozenset(found)


def wants_heavy() -> bool:
    return os.environ.get("ROADWORTHY_HEAVY") == "1"


def install(directory: Path) -> str | None:
    """Make the environment. Why it could not be made, or None."""
    python = str(directory / "bin" / "python")
    uv = uv_command()
    if uv:
        make = [*uv, "venv", "--quiet", "--python", sys.executable, str(directory)]
        add = [*uv, "pip", "install", "--quiet", "--python", python]
    else:
        make = [sys.executable, "-m", "venv", str(directory)]
        add = [python, "-m", "pip", "install", "--quiet"]
    wheels = ["--only-binary", ":all:", "-r", str(HERE / "libraries.txt")]
    reason = run(make, INSTALL_SECONDS) or run([*add, *wheels], INSTALL_SECONDS)
    if reason is None and wants_heavy():
        # One after the other: some need a compiler, some conflict with each other.
        for requirement in requirements(HERE / "heavy.txt"):
            run([*add, requirement], INSTALL_SECONDS)
    return reason


@pytest.fixture(scope="session")
def libraries(request: pytest.FixtureRequest) -> Path:
    """The interpreter of an environment that has the libraries."""
    given = os.environ.get("ROADWORTHY_LIBRARIES")
    if given:
        interpreter = Path(given)
        if not interpreter.exists():
            pytest.fail(f"ROADWORTHY_LIBRARIES names no interpreter: {given}")
        return interpreter
    text = (HERE / "libraries.txt").read_bytes() + (
        (HERE / "heavy.txt").read_bytes() if wants_heavy() else b""
    )
    digest = hashlib.sha256(text + sys.version.encode()).hexdigest()[:16]
    directory = Path(request.config.cache.mkdir("libraries")) / digest
    untested = "the catalogue's third-party names were not checked"
    return kept(directory, install, untested) / "bin" / "python"


# --- the tests ----------------------------------------------------------------


def test_names_of_the_standard_library_exist(tmp_path: Path) -> None:
    changed = changed_with_python()
    names = [
        claim
        for claim in claims()
        if in_standard_library(claim.name) and not is_later(claim.name)
    ]
    pairs = [
        alias
        for alias in aliases()
        if in_standard_library(alias.defining)
        and alias.defining.partition(".")[0] not in changed
    ]
    assert names, "the catalogue names nothing of the standard library"
    problems = resolve(Path(sys.executable), names, pairs, tmp_path / "answer.json")
    assert not problems, "\n" + listing(problems, names, pairs)


def test_names_of_the_libraries_exist(libraries: Path, tmp_path: Path) -> None:
    names = [claim for claim in claims() if not is_standard(claim.name)]
    pairs = [alias for alias in aliases() if not is_standard(alias.defining)]
    assert names, "the catalogue names no third-party library"
    problems = resolve(libraries, names, pairs, tmp_path / "answer.json")
    heavy = heavy_packages()

    def is_heavy(problem: Problem) -> bool:
        """Whether the library of a name is one of the heavy ones, and is not there."""
        for package in heavy:
            if problem.name == package or problem.name.startswith(f"{package}."):
                parent = package.rpartition(".")[0]
                return problem.kind == "absent" or problem.text.startswith(
                    f"{parent} has no"
                )
        return False

    left = [problem for problem in problems if not is_heavy(problem)]
    skipped = sorted(
        {problem.name for problem in problems} - {problem.name for problem in left}
    )
    if skipped:
        print(
            f"{len(skipped)} names of heavy libraries were not checked:",
            *skipped,
            sep="\n  ",
        )
    assert not left, "\n" + listing(left, names, pairs)


def test_every_library_is_in_one_list() -> None:
    light, heavy = requirements(HERE / "libraries.txt"), requirements(
        HERE / "heavy.txt"
    )
    assert light == sorted(set(light), key=str.lower)
    assert heavy == sorted(set(heavy), key=str.lower)
    assert not {name.lower() for name in light} & {name.lower() for name in heavy}
