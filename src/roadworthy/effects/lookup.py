"""Look up what library code does to the event loop (see `catalogue/README.md`)."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, Literal, get_args

if sys.version_info >= (3, 11):
    import tomllib
else:  # pragma: no cover - depends on the interpreter
    import tomli as tomllib

EFFECTS: tuple[str, ...] = (
    "http",
    "database",
    "sleep",
    "subprocess",
    "cpu",
    "wait",
    "network",
    "file",
    "file-metadata",
    "http-log",
    "database-log",
    "sleep-log",
    "subprocess-log",
    "network-log",
    "file-log",
)
"""All effects, the gravest first; `-log` marks what a log call's handler does, which
never stands before what the rest of a call does."""

CALL_EFFECTS = tuple(effect for effect in EFFECTS if not effect.endswith("-log"))
"""What a group of the catalogue may say of calls."""

OffloadKind = Literal[
    "thread", "process", "executor", "wrapped", "submitted", "started"
]
"""Where an offloaded callable runs, and what the call gives: the first three are awaited
for what the callable returns (see `catalogue/semantics.toml`)."""

_FOLDER = Path(__file__).parent / "catalogue"


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """What a group of library calls does, and what to write instead."""

    effect: str
    why: str = ""
    instead: str = ""
    thread: bool = False
    when: Mapping[str, Any] = field(default_factory=dict)
    unless: Mapping[str, Any] = field(default_factory=dict)
    excepted: frozenset[str] = frozenset()
    place: Any = None
    """Where the code set up what blocks, if not where it blocks: a log handler's."""


@dataclass(frozen=True, slots=True)
class Offload:
    """How a library call runs a callable off the event loop."""

    argument: int | str
    """Which argument the callable is: a position, or the name of a keyword."""
    kind: OffloadKind

    @property
    def is_awaited(self) -> bool:
        """Whether the call itself is awaited for what the callable returns."""
        return self.kind in ("thread", "process", "executor")


class CatalogueError(ValueError):
    """A catalogue entry that cannot be used; the message names it."""


class Catalogue:
    """The library knowledge, ready to be asked by dotted public name."""

    def __init__(self) -> None:
        self._calls: dict[str, list[Block]] = {}
        self._call_patterns: dict[str, list[tuple[tuple[str, ...], Block]]] = {}
        self._iterates: dict[str, Block] = {}
        self._enters: dict[str, Block] = {}
        self._exits: dict[str, Block] = {}
        self._reads: dict[str, Block] = {}
        self.returns: dict[str, str] = {}
        self.returns_by_argument: dict[str, str] = {}
        self.attributes: dict[str, str] = {}
        self.descriptors: dict[str, Block] = {}
        self.bases: dict[str, tuple[str, ...]] = {}
        self.aliases: dict[str, str] = {}
        self.quiet: set[str] = set()
        self.read: set[str] = set()
        self.aside: set[str] = set()
        """Libraries that run what they are given in a program of their own."""
        self.offload: dict[str, Offload] = {}
        self.calls_argument: dict[str, int | str] = {}
        self.schedules: dict[str, int | str] = {}
        self.hooks: dict[str, str] = {}
        self._classes: set[str] = set()
        self._packages: set[str] = set()
        self._lineage: dict[str, tuple[str, ...]] = {}
        self._inheritance: dict[str, tuple[str, ...]] = {}
        self._canonical: dict[str, str] = {}
        self._found_calls: dict[str, list[Block]] = {}

    @classmethod
    def load(cls, extra: Iterable[Mapping[str, Any]] = ()) -> Catalogue:
        """Read the shipped catalogue, and the user's own groups (`[[blocks]]` tables).

        Raises:
            CatalogueError: a group has no known effect, an offload no known kind.
        """
        catalogue = cls()
        for path in sorted(_FOLDER.glob("*.toml")):
            with path.open("rb") as stream:
                catalogue._add_document(tomllib.load(stream), path.name)
        for group in extra:
            catalogue._add_group(group, "pyproject.toml")
        catalogue._finish()
        return catalogue

    def _add_document(self, document: Mapping[str, Any], source: str) -> None:
        for group in document.get("blocks", ()):
            self._add_group(group, source)
        self.returns.update(document.get("returns", {}))
        self.returns_by_argument.update(document.get("returns_by_argument", {}))
        self.attributes.update(document.get("attributes", {}))
        for name, effect in document.get("descriptors", {}).items():
            self.descriptors[name] = Block(effect=effect)
        for name, bases in document.get("bases", {}).items():
            self.bases[name] = tuple(bases)
        self.aliases.update(document.get("aliases", {}))
        packages = document.get("packages", {})
        self.quiet.update(packages.get("quiet", ()))
        self.read.update(packages.get("read", ()))
        self.aside.update(packages.get("aside", ()))
        offload = document.get("offload", {})
        for kind, names in offload.items():
            if kind not in get_args(OffloadKind):
                raise CatalogueError(f"{source}: unknown kind of offload {kind!r}")
            for name, argument in names.items():
                self.offload[name] = Offload(argument, kind)
        self.calls_argument.update(document.get("calls", {}))
        self.schedules.update(document.get("schedules", {}))
        self.hooks.update(document.get("hooks", {}))

    def _add_group(self, group: Mapping[str, Any], source: str) -> None:
        effect = group.get("effect")
        if effect not in CALL_EFFECTS:
            known = ", ".join(CALL_EFFECTS)
            raise CatalogueError(
                f"{source}: unknown effect {effect!r}; it must be one of {known}"
            )
        block = Block(
            effect=effect,
            why=group.get("why", ""),
            instead=group.get("instead", ""),
            thread=bool(group.get("thread", False)),
            when=group.get("when", {}),
            unless=group.get("unless", {}),
            excepted=frozenset(group.get("except", ())),
        )
        for name in group.get("calls", ()):
            if "*" in name:
                parts = name.split(".")
                at = next(i for i, part in enumerate(parts) if "*" in part)
                prefix, names = ".".join(parts[:at]), tuple(parts[at:])
                self._call_patterns.setdefault(prefix, []).append((names, block))
                self._classes.add(prefix)
            else:
                self._calls.setdefault(name, []).append(block)
                self._classes.add(name.rpartition(".")[0])
        for key, table in (
            ("iterates", self._iterates),
            ("enters", self._enters),
            ("exits", self._exits),
            ("reads", self._reads),
        ):
            for name in group.get(key, ()):
                table[name] = block
                self._classes.add(name if key != "reads" else name.rpartition(".")[0])

    def _finish(self) -> None:
        names = [
            *self._calls,
            *self._call_patterns,
            *self.returns,
            *self.aliases,
            *self.bases,
            *self._iterates,
            *self._enters,
            *self._exits,
            *self.offload,
            *self.schedules,
            *self.hooks,
        ]
        self._packages = {name.partition(".")[0] for name in names}
        for name in self.returns:
            self._classes.add(name.rpartition(".")[0])

    # -- names -------------------------------------------------------------------

    def canonical(self, path: str) -> str:
        """Return the public name of what `path` names."""
        known = self._canonical.get(path)
        if known is None:
            known = self._canonical[path] = self._find_canonical(path)
        return known

    def _find_canonical(self, path: str) -> str:
        aliases = self.aliases
        for _ in range(3):
            if path in aliases:
                path = aliases[path]
                continue
            head = path
            while True:
                head, dot, _tail = head.rpartition(".")
                if not dot:
                    return path
                target = aliases.get(head)
                if target is not None:
                    path = target + path[len(head) :]
                    break
        return path

    def knows_package(self, name: str) -> bool:
        """Whether the package needs no reading: the catalogue says what blocks in it."""
        top = name.partition(".")[0]
        if name in self.read or top in self.read:
            return False
        return top in self._packages or top in self.quiet or name in self.quiet

    def lineage(self, path: str) -> tuple[str, ...]:
        """Return a class and the library classes it inherits entries from."""
        found = self._lineage.get(path)
        if found is None:
            seen: list[str] = []
            waiting = [path]
            while waiting:
                name = waiting.pop(0)
                if name not in seen:
                    seen.append(name)
                    waiting.extend(self.bases.get(name, ()))
            found = self._lineage[path] = tuple(seen)
        return found

    def is_class(self, path: str) -> bool:
        """Whether entries speak of methods of this name."""
        return any(name in self._classes for name in self.lineage(path))

    # -- effects -----------------------------------------------------------------

    def call(self, path: str) -> list[Block]:
        """Return what calling this name does: blocks, some under conditions."""
        known = self._found_calls.get(path)
        if known is None:
            known = self._found_calls[path] = self._find_call(path)
        return known

    def _find_call(self, path: str) -> list[Block]:
        for name in self._inherited(path):
            exact = self._calls.get(name)
            if exact is not None:
                return exact
        for name in self._inherited(path):
            found = self._pattern(name)
            if found is not None:
                return [found]
        return []

    def blocking_names(self) -> frozenset[str]:
        """Return the last names of all calls that block, patterns left out."""
        return frozenset(path.rpartition(".")[2] for path in self._calls)

    def exact_call(self, path: str) -> list[Block]:
        """Return what calling exactly this name does; no pattern counts."""
        for name in self._inherited(path):
            exact = self._calls.get(name)
            if exact is not None:
                return exact
        return []

    def _pattern(self, path: str) -> Block | None:
        head = path
        rest: tuple[str, ...] = ()
        while True:
            head, dot, last = head.rpartition(".")
            if not dot:
                return None
            rest = (last, *rest)
            for names, block in self._call_patterns.get(head, ()):
                if _fits(names, rest) and not self._is_excepted(block, path):
                    return block

    def _is_excepted(self, block: Block, path: str) -> bool:
        if path in block.excepted:
            return True
        parts = tuple(path.split("."))
        return any(
            _fits(tuple(name.split(".")), parts)
            for name in block.excepted
            if "*" in name
        )

    def _inherited(self, path: str) -> tuple[str, ...]:
        """Return the path, and the same under each base of a class in front of it."""
        known = self._inheritance.get(path)
        if known is None:
            known = self._inheritance[path] = tuple(self._find_inherited(path))
        return known

    def _find_inherited(self, path: str) -> Iterable[str]:
        yield path
        head = path
        tail = ""
        while True:
            head, dot, last = head.rpartition(".")
            if not dot:
                return
            tail = f".{last}{tail}"
            if head in self.bases:
                for base in self.lineage(head)[1:]:
                    yield base + tail

    def result(self, path: str) -> str | None:
        """Return the type text of what calling this name gives."""
        for name in self._inherited(path):
            found = self.returns.get(name)
            if found is not None:
                return found
        return None

    def result_by_argument(self, path: str) -> str | None:
        """Return the type text of a result that depends on the first argument."""
        for name in self._inherited(path):
            found = self.returns_by_argument.get(name)
            if found is not None:
                return found
        return None

    def attribute(self, path: str) -> str | None:
        """Return the type text of an attribute."""
        for name in self._inherited(path):
            found = self.attributes.get(name)
            if found is not None:
                return found
        return None

    def reading(self, path: str) -> Block | None:
        """Return what merely reading the attribute does."""
        for name in self._inherited(path):
            found = self._reads.get(name)
            if found is not None:
                return found
        return None

    def iterating(self, path: str) -> Block | None:
        """Return what iterating over an instance of the class does."""
        return self._first(self._iterates, path)

    def entering(self, path: str) -> Block | None:
        """Return what entering the instance's `with` block does."""
        return self._first(self._enters, path)

    def leaving(self, path: str) -> Block | None:
        """Return what leaving the instance's `with` block does."""
        return self._first(self._exits, path)

    def descriptor(self, path: str) -> Block | None:
        """Return what reading a class attribute of this type on an instance does."""
        return self._first(self.descriptors, path)

    def _first(self, table: Mapping[str, Block], path: str) -> Block | None:
        for name in self.lineage(path):
            found = table.get(name)
            if found is not None:
                return found
        return None


def _fits(names: tuple[str, ...], rest: tuple[str, ...]) -> bool:
    """Whether a pattern fits: `*` is one name or a part of it, `**` one or more."""
    if not names:
        return not rest
    if names[0] == "**":
        return any(_fits(names[1:], rest[i:]) for i in range(1, len(rest) + 1))
    return bool(rest) and fnmatchcase(rest[0], names[0]) and _fits(names[1:], rest[1:])
