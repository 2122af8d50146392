"""Evaluates calls anew of which more is known, and no other call without need.

A call tells its callers two things: values (what it returns and yields), and effects with
the coroutines that it starts. Where the values are as before, callers need not be
evaluated again: the effects are added to theirs.
"""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from roadworthy.values.frames import CallKey, Summary, Use, Witness, inherit

if TYPE_CHECKING:
    from roadworthy.values.evaluator import Evaluator

_STRONG = frozenset({"http", "database", "sleep", "subprocess", "network", "cpu"})
"""What counts of a library's body that is followed: its own short locks and files,
which it opens once or under conditions unknown here, do not."""
_MOST_TIMES = 3
"""How often one call is evaluated anew: calls of each other may go on changing."""


def take_over(summary: Summary, use: Use) -> bool:
    """Let a call's effects be its caller's; return whether they were not all before."""
    effects = summary.effects
    told = False
    if effects:
        if use.function.module.is_library and not use.module.is_library:
            effects = {k: w for k, w in effects.items() if k in _STRONG}
        if effects:
            told = inherit(
                use.summary,
                use.module,
                use.first_line,
                use.packed,
                use.name,
                effects,
            )
    for key, kind in summary.spawned.items():
        if key not in use.summary.spawned:
            use.summary.spawned[key] = kind
            told = True
    return told


def renew(ev: Evaluator, keys: Iterable[CallKey]) -> None:
    """Evaluate calls anew, and the callers to which they tell other values than before."""
    known = ev.calls_met()
    order = {key: number for number, key in enumerate(_callees_first(known))}
    callers: dict[CallKey, list[CallKey]] = {}
    for key in known:
        for callee in key.callees:
            callers.setdefault(callee, []).append(key)
    waiting = [(order[key], key) for key in dict.fromkeys(keys) if key in order]
    heap = [(number, number, key) for number, key in waiting]
    heapq.heapify(heap)
    queued = {key for _, key in waiting}
    times: Counter[CallKey] = Counter()
    while heap:
        *_, key = heapq.heappop(heap)
        queued.discard(key)
        times[key] += 1
        if _evaluate(ev, key) and times[key] <= _MOST_TIMES:
            for caller in callers.get(key, ()):
                if caller not in queued:
                    queued.add(caller)
                    heapq.heappush(heap, (order[caller], order[caller], caller))


def _callees_first(keys: Iterable[CallKey]) -> Iterator[CallKey]:
    """Yield each call after those that it makes, but for cycles."""
    seen: set[CallKey] = set()
    for root in keys:
        if root in seen:
            continue
        seen.add(root)
        path = [(root, iter(root.callees))]
        while path:
            key, rest = path[-1]
            for callee in rest:
                if callee not in seen:
                    seen.add(callee)
                    path.append((callee, iter(callee.callees)))
                    break
            else:
                path.pop()
                yield key


def _evaluate(ev: Evaluator, key: CallKey) -> bool:
    """Evaluate a call anew; return whether its callers must be, too."""
    before = key.summary
    key.summary = None
    key.callees.clear()
    if before is None:
        # Part of a cycle: it is evaluated with the calls that lead to it.
        return True
    after = ev.summary_of(key)
    after.uses.extend(before.uses)
    _tell(after)
    return not (
        _same(before.returns, after.returns)
        and _same(before.yields, after.yields)
        and all(kind == after.spawned.get(k) for k, kind in before.spawned.items())
        and all(
            effect in after.effects and _same_chain(witness, after.effects[effect])
            for effect, witness in before.effects.items()
        )
    )


def _same(left: tuple[object, ...], right: tuple[object, ...]) -> bool:
    return left == right or set(left) == set(right)


def _same_chain(left: Witness | None, right: Witness | None) -> bool:
    while left is not None and right is not None:
        if left is right:
            return True
        if (left.module, left.packed, left.first_line, left.callee) != (
            right.module,
            right.packed,
            right.first_line,
            right.callee,
        ) or left.block is not right.block:
            return False
        left, right = left.after, right.after
    return left is right


def _tell(summary: Summary) -> None:
    """Pass effects on to those that took them over, and to those above them."""
    waiting = [summary]
    while waiting:
        told = waiting.pop()
        waiting.extend(use.summary for use in told.uses if take_over(told, use))
