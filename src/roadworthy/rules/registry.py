"""Which rules there are: every module `rules/<section>/rwNNN.py`, found by listing."""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from roadworthy.rules.base import Rule

if TYPE_CHECKING:
    from roadworthy.findings import Finding, Fix, Unfixed
    from roadworthy.project.config import Settings
    from roadworthy.rules.review import Review

Check = Callable[["Review"], "Iterator[Finding]"]
Fixer = Callable[["Review", "Finding"], "Fix | Unfixed | None"]
"""Returns the edits that mend a finding, or None where that needs a person (with the
reason, where the rule can tell it)."""

Prepare = Callable[["Review"], None]
"""Begins work of other processes, which goes on while the project is walked and the
rules before it are checked. What it is given has not been walked."""

_MODULE = re.compile(r"rw\d{3}")


@dataclass(frozen=True, slots=True)
class Registered:
    """A rule, its check and its fix, and what is to begin before any rule is checked.

    Rules of the event-loop walk have no check of their own; not every rule has a fix.
    """

    rule: Rule
    check: Check | None
    fix: Fixer | None = None
    prepare: Prepare | None = None


@lru_cache(maxsize=1)
def modules() -> dict[str, str]:
    """Return the dotted module of each rule by code, in order; none is imported."""
    package = importlib.import_module("roadworthy.rules")
    found: dict[str, str] = {}
    for section in pkgutil.iter_modules(package.__path__):
        if not section.ispkg:
            continue
        folders = [f"{folder}/{section.name}" for folder in package.__path__]
        for module in pkgutil.iter_modules(folders):
            if _MODULE.fullmatch(module.name):
                name = f"roadworthy.rules.{section.name}.{module.name}"
                found[module.name.upper()] = name
    return dict(sorted(found.items()))


@cache
def load(code: str) -> Registered:
    """Return the rule of a code.

    Raises:
        KeyError: there is no such rule.
        TypeError: its module does not define `RULE`.
    """
    module = importlib.import_module(modules()[code])
    rule = getattr(module, "RULE", None)
    if not isinstance(rule, Rule):
        raise TypeError(f"{module.__name__} does not define RULE")
    check, fix = getattr(module, "check", None), getattr(module, "fix", None)
    return Registered(rule, check, fix, getattr(module, "prepare", None))


def rules() -> tuple[Rule, ...]:
    """Return every rule of the catalogue, in order of the codes."""
    return tuple(load(code).rule for code in modules())


def selected(settings: Settings) -> tuple[Registered, ...]:
    """Return the rules with a check of their own that a run wants."""
    wanted = (load(code) for code in modules() if settings.selects(code))
    return tuple(registered for registered in wanted if registered.check is not None)
