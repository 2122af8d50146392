"""All that blocks on the line of a finding: a line has one finding for each rule."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from roadworthy.effects.lookup import EFFECTS
from roadworthy.effects.walk import LoopSite
from roadworthy.findings import Finding
from roadworthy.fixes import places
from roadworthy.rules.review import Review
from roadworthy.syntax.code import Position, unpack
from roadworthy.values.frames import CallKey, Effects
from roadworthy.values.program import FunctionInfo, Module


def of(review: Review, finding: Finding) -> Iterator[Finding]:
    """Yield the other sites of a finding's line, as findings of their own."""
    seen = {_place(finding)}
    for site in _sites(review, finding):
        effects = site.effects
        effect = min(effects, key=lambda e: (EFFECTS.index(e), effects[e].length))
        if _rule(effect) != finding.rule:
            continue
        other = _finding(review, site, effect)
        if _place(other) not in seen:
            seen.add(_place(other))
            yield other


def effect_of(review: Review, finding: Finding, effect: str) -> Iterator[Finding]:
    """Yield the chains of a certain effect to which a finding's call comes as well."""
    place = _place(finding)
    for site in _sites(review, finding):
        if effect in site.effects:
            other = _finding(review, site, effect)
            if _place(other) == place:
                yield other


@dataclass(frozen=True, slots=True)
class _Site:
    module: Module
    position: Position
    effects: Effects
    function: FunctionInfo


def _sites(review: Review, finding: Finding) -> Iterator[_Site]:
    """Yield all places on a finding's line at which blocking code is entered."""
    file = places.file_of(review, finding)
    if file is None or file.module is None:
        return
    seen: set[tuple[Position, frozenset[str]]] = set()
    for function in _functions_at(review, file.module, finding):
        for key in review.once(_calls_by_function).get(function, ()):
            if key.summary is None:
                continue
            for (module, packed, first_line), effects in key.summary.sites.items():
                position = unpack(packed, first_line)
                if module is not file.module or position.line != finding.line:
                    continue
                told = (position, frozenset(effects))
                if told not in seen:
                    seen.add(told)
                    yield _Site(module, position, effects, function)


def _finding(review: Review, site: _Site, effect: str) -> Finding:
    # The rules of the event loop import the fixes, and so this module.
    from roadworthy.rules.event_loop import report

    loop_site = LoopSite(
        site.module, site.position, effect, site.effects[effect], site.function
    )
    return report.findings([loop_site], review.sources)[0]


def _rule(effect: str) -> str:
    from roadworthy.rules.event_loop import RULE_OF_EFFECT

    return RULE_OF_EFFECT[effect].code


def _place(finding: Finding) -> tuple[int, int, int, int]:
    return finding.line, finding.column, finding.end_line, finding.end_column


def _functions_at(
    review: Review, module: Module, finding: Finding
) -> Iterator[FunctionInfo]:
    file = places.file_of(review, finding)
    assert file is not None
    for node in file.functions():
        if node.lineno <= finding.line <= (node.end_lineno or node.lineno):
            info = review.function_info(file, node)
            if info is not None:
                yield info


def _calls_by_function(review: Review) -> dict[FunctionInfo, list[CallKey]]:
    table: dict[FunctionInfo, list[CallKey]] = {}
    for key in review.evaluator.calls_met():
        table.setdefault(key.function, []).append(key)
    return table
