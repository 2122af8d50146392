"""`--deep`: whole chains, from the loop down to what blocks, made asynchronous."""

from __future__ import annotations

import ast
from collections.abc import Iterable

from roadworthy.findings import Finding
from roadworthy.fixes.deep.convert import Plan, as_fix, convert
from roadworthy.fixes.event_loop import outcome
from roadworthy.fixes.event_loop.decide import decide
from roadworthy.fixes.event_loop.safety import step_of
from roadworthy.fixes.lay import Left, Proposal, Rewriting
from roadworthy.rules.event_loop import report
from roadworthy.rules.review import Review
from roadworthy.values.program import FunctionInfo

_NATIVE = {
    "RW301": ("requests.",),
    "RW303": ("time.sleep",),
    "RW304": ("builtins.open", "pathlib.Path.", "os.", "shutil."),
    "RW305": ("subprocess.", "os.system", "os.popen"),
}
"""What a coroutine function does better than a thread around the whole chain."""
_MOST_NAMES = 6


def rewrite(review: Review) -> Rewriting:
    """Return, for each connected group of chains, the fix that turns it asynchronous."""
    findings = report.findings(review.walked.sites, review.sources)
    left: list[Left] = []
    groups: list[tuple[list[Finding], Plan]] = []
    for finding in findings:
        if len(finding.chain) < 2 or not _is_native(finding):
            continue
        starts = _functions(review, finding)
        if isinstance(starts, outcome.Left):
            left.append(Left(finding.path, finding.line, starts.reason))
            continue
        plan = convert(review, starts, decide)
        if isinstance(plan, outcome.Left):
            left.append(Left(finding.path, finding.line, plan.reason))
            continue
        groups.append(([finding], plan))
    proposals: list[Proposal] = []
    for claims, starts in _connected(groups):
        plan = convert(review, starts, decide)
        if isinstance(plan, outcome.Left):
            left.extend(Left(f.path, f.line, plan.reason) for f in claims)
            continue
        fix = as_fix(plan, _note(plan))
        proposals.append(Proposal(fix, tuple(claims), reveals=("RW31",)))
    return Rewriting(tuple(proposals), tuple(left))


def _is_native(finding: Finding) -> bool:
    return finding.chain[-1].callee.startswith(_NATIVE.get(finding.rule, ("\0",)))


def _functions(review: Review, finding: Finding) -> list[FunctionInfo] | outcome.Left:
    """Return the functions between the loop and what blocks."""
    found: list[FunctionInfo] = []
    for step in finding.chain[1:]:
        place = step_of(review, step)
        if place is None:
            return outcome.Left(
                f"the chain leads through a library ({step.path}), which stays as it is"
            )
        file, node = place
        function = file.function_of(node)
        info = review.function_info(file, function) if function is not None else None
        if info is None:
            return outcome.Left(f"the function at {step.path}:{step.line} is not known")
        if not isinstance(function, ast.AsyncFunctionDef):
            found.append(info)
    return found or outcome.Left("nothing in its chain is a plain function")


def _connected(
    groups: Iterable[tuple[list[Finding], Plan]],
) -> list[tuple[list[Finding], list[FunctionInfo]]]:
    """Return the groups with those that share a function put together."""
    merged: list[tuple[list[Finding], dict[FunctionInfo, None]]] = []
    for claims, plan in groups:
        functions = dict.fromkeys(plan.functions)
        claims = list(claims)
        apart: list[tuple[list[Finding], dict[FunctionInfo, None]]] = []
        for others, known in merged:
            if known.keys() & functions.keys():
                claims = [*others, *claims]
                functions = {**known, **functions}
            else:
                apart.append((others, known))
        merged = [*apart, (claims, functions)]
    return [(claims, list(functions)) for claims, functions in merged]


def _note(plan: Plan) -> str:
    names = [f"`{function.code.qualified_name}`" for function in plan.functions]
    more = f" and {len(names) - _MOST_NAMES} more" if len(names) > _MOST_NAMES else ""
    return (
        f"{', '.join(names[:_MOST_NAMES])}{more} become coroutine functions: whatever "
        "outside this project calls them has to await them"
    )
