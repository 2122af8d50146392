"""RW104: a `def` handler as `async def`, with what blocks in it moved to threads."""

from __future__ import annotations

import ast

from roadworthy.findings import Finding
from roadworthy.fixes.deep.convert import as_fix, convert, is_certain
from roadworthy.fixes.event_loop.decide import decide as decide_site
from roadworthy.fixes.event_loop.outcome import Left, Outcome
from roadworthy.rules import kinds
from roadworthy.rules.handlers import Handler
from roadworthy.rules.review import Review
from roadworthy.values.atoms import Atom, ExternalAttribute

_NOTE = (
    "the handler leaves the thread pool: work of its own that no call tells of, such as "
    "a long calculation, now holds up the event loop"
)
_DJANGO = (
    "the handler leaves the thread pool, and Django refuses queries on the event loop: an "
    "attribute or a template that loads something there raises SynchronousOnlyOperation"
)
_LOADS = (
    "it reads attributes of what may be a Django model, which load on access; Django "
    "refuses that on the event loop"
)
_HOLDS_ANYTHING = frozenset({"user", "state", "scope"})
"""Attributes of a request in which an application puts values of its own."""
_THREADS = (
    "the handler leaves the thread pool; what blocks in it runs in asyncio's own threads, "
    "and all else on the event loop"
)


def fix(review: Review, finding: Finding) -> Outcome:
    """Return the fix of a finding of RW104, or the reason why it has none."""
    entry = finding.entry
    if entry is None:
        return Left("its handler is not known")
    for handler in review.handlers():
        function = handler.function
        if (
            function.qualified_name == entry.function
            and handler.file.relative == entry.path
            and handler.node.lineno == entry.line
        ):
            plan = convert(review, [function], decide_site, grow=False)
            if isinstance(plan, Left):
                return plan
            if _uses_django(review) and _may_load(review, handler):
                return Left(_LOADS)
            if plan.claims:
                # Its calls stay in threads, but the handler itself no longer is in one.
                plan.is_safe = False
                plan.warnings = plan.warnings or {_THREADS: None}
                return as_fix(plan)
            if review.once(_uses_django):
                return as_fix(plan, _DJANGO)
            return as_fix(plan, "" if is_certain(review, function) else _NOTE)
    return Left("its handler is not known")


def _may_load(review: Review, handler: Handler) -> bool:
    """Whether a handler reads an attribute, or takes a turn, of a value that may be
    Django's: a related object or a set of them is asked for then."""
    for statement in handler.node.body:
        for node in ast.walk(statement):
            if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load):
                read = node.value
            elif isinstance(node, (ast.For, ast.comprehension)):
                read = node.iter
            else:
                continue
            value = review.value(handler.file, read)
            if not kinds.all_are(value, _is_harmless):
                return True
    return False


def _is_harmless(atom: Atom) -> bool:
    part = atom
    while isinstance(part, ExternalAttribute):
        if not _HOLDS_ANYTHING.isdisjoint(part.names):
            return False
        part = part.owner
    return not any(name.startswith("django.") for name in kinds.lineage(atom))


def _uses_django(review: Review) -> bool:
    """Whether the application works with Django's ORM, whose values load on access."""
    return any(
        file.mentions("import django", "from django.db") for file in review.files
    )
