"""RW301 to RW308: what blocks the event loop."""

from __future__ import annotations

from types import ModuleType

from roadworthy.rules.base import Rule
from roadworthy.rules.event_loop import (
    rw301,
    rw302,
    rw303,
    rw304,
    rw305,
    rw306,
    rw307,
    rw308,
)

_MODULES: tuple[ModuleType, ...] = (
    rw301,
    rw302,
    rw303,
    rw304,
    rw305,
    rw306,
    rw307,
    rw308,
)

RULES: tuple[Rule, ...] = tuple(module.RULE for module in _MODULES)

RULE_OF_EFFECT: dict[str, Rule] = {
    effect: module.RULE for module in _MODULES for effect in module.EFFECTS
}
