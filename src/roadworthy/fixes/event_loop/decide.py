"""What becomes of a finding of RW301 to RW308: its fix, or why it has none."""

from __future__ import annotations

import ast
from dataclasses import replace

from roadworthy.findings import Edit, Finding, Fix, Import
from roadworthy.fixes import places
from roadworthy.fixes.event_loop import (
    handles,
    http,
    http_sessions,
    implicit,
    interleaving,
    lazy,
    processes,
    regions,
    safety,
    siblings,
    whole_files,
)
from roadworthy.fixes.event_loop.grounds import is_free, obstacle
from roadworthy.fixes.event_loop.outcome import Left, Outcome
from roadworthy.fixes.event_loop.threads import (
    IMPORT,
    TO_THREAD,
    awaited_call,
    function_text,
    named_call,
)
from roadworthy.rules.files import FunctionNode, ReviewedFile
from roadworthy.rules.review import Review
from roadworthy.values.program import FunctionInfo

_EXPRESSIONS: tuple[type[ast.expr], ...] = (
    ast.Call,
    ast.Attribute,
    ast.Subscript,
    ast.Compare,
    ast.Name,
    ast.BinOp,
    ast.Await,
    ast.UnaryOp,
    ast.Starred,
)

_GENERAL = "and other requests go on meanwhile"
_LOCKS = ("threading.", "multiprocessing.", "_thread.")
_LOOP_RUNNERS = (
    "asyncio.run",
    "asyncio.Runner.run",
    "asyncio.AbstractEventLoop.run_until_complete",
    "asyncio.AbstractEventLoop.run_forever",
    "asgiref.sync.async_to_sync",
    "asgiref.sync.AsyncToSync",
    "anyio.run",
    "anyio.from_thread",
    "uvloop.run",
    "trio.run",
)
_OWN_THREAD = {
    "playwright.sync_api.": "Playwright's objects belong to the thread that made them; "
    "use `playwright.async_api`",
    "tkinter.": "its objects belong to the thread that made them",
}


def fix(review: Review, finding: Finding) -> Outcome:
    """Return the fix of a finding of the event-loop rules, or why it has none."""
    return decide(review, finding)


def decide(
    review: Review, finding: Finding, becoming: FunctionNode | None = None
) -> Outcome:
    """Return the fix of a finding, or the reason why it has none.

    A finding stands for all sites of its line: one fix mends them all. `becoming` is a
    plain function that is to become a coroutine function.
    """
    hook = _hook(review, finding) if becoming is None else None
    if hook is not None:
        return _as_coroutine(review, hook)
    found = _decide_site(review, finding, becoming)
    if isinstance(found, Left):
        return found
    for other in siblings.of(review, finding):
        if any(_covers(edit, other) for edit in found.edits):
            continue
        more = _decide_site(review, other, becoming)
        if isinstance(more, Left):
            return Left(f"another call of its line is left: {more.reason}")
        found = Fix(
            found.safe and more.safe,
            tuple(dict.fromkeys((*found.edits, *more.edits))),
            found.note or more.note,
            tuple(dict.fromkeys((*found.imports, *more.imports))),
        )
    return found


def _hook(review: Review, finding: Finding) -> FunctionInfo | None:
    """Return the plain function, run when the server starts or stops, that blocks.

    FastAPI awaits such a function where it is a coroutine function.
    """
    entry, file = finding.entry, places.file_of(review, finding)
    if entry is None or entry.kind not in ("startup", "shutdown") or file is None:
        return None
    for node in file.functions():
        if node.lineno <= finding.line <= (node.end_lineno or node.lineno):
            info = review.function_info(file, node)
            if (
                info is not None
                and isinstance(node, ast.FunctionDef)
                and info.qualified_name == entry.function
            ):
                return info
    return None


def _as_coroutine(review: Review, function: FunctionInfo) -> Outcome:
    # Whole conversions decide each site of a function, and so come back here.
    from roadworthy.fixes.deep.convert import as_fix, convert

    plan = convert(review, [function], decide, grow=False)
    return plan if isinstance(plan, Left) else as_fix(plan)


def _covers(edit: Edit, finding: Finding) -> bool:
    """Whether an edit replaces all of what a finding stands on."""
    return (
        edit.path == finding.path
        and (edit.line, edit.column) <= (finding.line, finding.column)
        and (edit.end_line, edit.end_column) >= (finding.end_line, finding.end_column)
    )


def _decide_site(
    review: Review, finding: Finding, becoming: FunctionNode | None
) -> Outcome:
    file = places.file_of(review, finding)
    if file is None or not finding.chain:
        return Left("its file cannot be read")
    # One kind after the other: an index of several would have to be sorted.
    found = (places.node_at(file, finding, kind) for kind in _EXPRESSIONS)
    node = next((one for one in found if one is not None), None)
    if node is None:
        return Left("the expression is not found in its file")
    reason = (
        _no_thread(finding)
        or obstacle(file, node, becoming)
        or safety.passes_session(review, finding, node)
    )
    if reason:
        return Left(reason)
    if not is_free(file, node, "asyncio"):
        return Left("`asyncio` is the name of something else there")
    function = becoming or file.function_of(node)
    assert function is not None
    outcome = _decided(review, finding, file, node, function, becoming)
    if isinstance(outcome, Left) or becoming is not None:
        return outcome
    torn = interleaving.warning(review, file, node)
    if not torn:
        return outcome
    is_told = outcome.safe or _GENERAL in outcome.note
    note = torn if is_told else f"{outcome.note}; {torn}"
    return replace(outcome, safe=False, note=note)


def _decided(
    review: Review,
    finding: Finding,
    file: ReviewedFile,
    node: ast.expr,
    function: FunctionNode,
    becoming: FunctionNode | None,
) -> Outcome:
    last = finding.chain[-1].callee
    direct = len(finding.chain) == 1 and isinstance(node, ast.Call)
    if direct and last == "time.sleep":
        assert isinstance(node, ast.Call)
        if "time.sleep" not in review.names(file, node):
            # A decorator of a library (a retry) sleeps, not the call that is written.
            return Left("what wraps the function that is called sleeps")
        edits = named_call(file, node, "asyncio.sleep")
        return Fix(True, edits, imports=(Import(file.relative, IMPORT),))
    if direct and last.startswith("requests."):
        assert isinstance(node, ast.Call)
        if last.startswith(http_sessions.SESSIONS):
            converted = http_sessions.rewrite(review, file, node, becoming)
        else:
            converted = http.rewrite(review, file, node, function, becoming)
        if converted is not None:
            return converted
    if direct and last.startswith("subprocess."):
        assert isinstance(node, ast.Call)
        process = processes.rewrite(review, file, node, last)
        if process is not None:
            return process
    rewriting = _rewriting(review, finding, file, node, function, becoming)
    if isinstance(rewriting, Left):
        return rewriting
    edits, imports = rewriting
    taken = _taken_name(file, node, imports)
    if taken:
        return Left(f"`{taken}` is the name of something else there")
    if safety.keeps_behaviour(review, finding) and not _is_lazy(finding):
        return Fix(True, edits, imports=imports)
    is_listed = any(f"{TO_THREAD}(list, " in edit.replacement for edit in edits)
    warn = _listing if is_listed else _warning
    return Fix(False, edits, warn(file, node), imports)


def _taken_name(file: ReviewedFile, node: ast.expr, imports: tuple[Import, ...]) -> str:
    """Return a name that a fix would import but that stands for something else."""
    for wanted in imports:
        name = wanted.statement.split()[-1]
        if wanted.statement.startswith("import "):
            if not is_free(file, node, name):
                return name
        elif not whole_files.is_free_name(file, node, name):
            return name
    return ""


def _no_thread(finding: Finding) -> str:
    last = finding.chain[-1].callee
    if last.startswith("logging."):
        return (
            "every logging call comes to this handler; give the logger a "
            "`logging.handlers.QueueHandler`, and the handler to a `QueueListener`"
        )
    if last.startswith(_LOOP_RUNNERS):
        return "it runs a coroutine to its end; make what calls it await that coroutine"
    if finding.rule == "RW307" and last.startswith(_LOCKS):
        if not last.endswith((".join", ".result", ".get", ".put")):
            return (
                "it waits for a lock of threads; what the lock guards decides whether "
                "an `asyncio.Lock` can take its place"
            )
    for prefix, why in _OWN_THREAD.items():
        if last.startswith(prefix):
            return why
    return ""


Rewriting = tuple[tuple[Edit, ...], tuple[Import, ...]]


def _rewriting(
    review: Review,
    finding: Finding,
    file: ReviewedFile,
    node: ast.expr,
    function: FunctionNode,
    becoming: FunctionNode | None,
) -> Rewriting | Left:
    first, last = finding.chain[0].callee, finding.chain[-1].callee
    if isinstance(file.parent(node), ast.Await):
        return Left("it is awaited already, and blocks before it is")
    parent = file.parent(node)
    if isinstance(parent, ast.withitem):
        return _entered(review, file, node, function, becoming, last)
    operation = first.rpartition(".")[2]
    django = last.startswith("django.")
    if not isinstance(node, ast.Call):
        if isinstance(node, (ast.BinOp, ast.UnaryOp, ast.Starred, ast.Await)):
            return Left("it is entered by an operator or an unpacking")
        return implicit.rewrite(file, node, operation, django=django)
    if last in lazy.LAZY and len(finding.chain) == 1:
        return lazy.rewrite(file, node)
    if isinstance(parent, (ast.For, ast.comprehension)) and parent.iter is node:
        if first in review.once(_generators) or operation in (
            "__iter__",
            "__next__",
        ):
            return implicit.iteration(file, node, django=django)
    if last == "builtins.open" and len(finding.chain) == 1:
        if isinstance(parent, (ast.For, ast.comprehension)) and parent.iter is node:
            return lazy.rewrite(file, node)  # Its lines are read as the loop goes on.
        if isinstance(parent, ast.Assign) and isinstance(parent.targets[0], ast.Name):
            name = parent.targets[0].id
            return handles.rewrite(review, file, node, name, function, becoming)
        whole = whole_files.read_at_once(review, file, node)
        if whole is not None:
            return whole
    if django:
        return _through_django(file, node)
    return awaited_call(file, node), (Import(file.relative, IMPORT),)


def _through_django(file: ReviewedFile, call: ast.Call) -> Rewriting:
    """Return the edits for work with Django's ORM, which keeps to threads of its own."""
    function = f"sync_to_async({function_text(file, call)})"
    wanted = Import(file.relative, implicit.DJANGO)
    return named_call(file, call, function), (wanted,)


def _entered(
    review: Review,
    file: ReviewedFile,
    node: ast.expr,
    function: FunctionNode,
    becoming: FunctionNode | None,
    last: str,
) -> Rewriting | Left:
    """Return the edits for blocking code that a `with` statement enters."""
    item = file.parent(node)
    statement = file.parent(item) if item is not None else None
    if not isinstance(statement, ast.With) or not isinstance(node, ast.Call):
        return Left(
            "it is entered by `with`; what the block guards has to be looked at"
        )
    whole = regions.rewrite(review, file, statement, function)
    if not isinstance(whole, Left) or last != "builtins.open":
        return whole
    assert isinstance(item, ast.withitem)
    if not isinstance(item.optional_vars, ast.Name):
        return whole
    name = item.optional_vars.id
    used = handles.rewrite(review, file, node, name, function, becoming)
    return whole if isinstance(used, Left) else used


def _generators(review: Review) -> frozenset[str]:
    """Return the qualified names of the functions that are generators."""
    return frozenset(
        info.qualified_name
        for info in review.evaluator.functions_met()
        if info.code.is_generator
    )


def _is_lazy(finding: Finding) -> bool:
    """Whether what is called hands out a handle on which more blocking work follows."""
    return finding.chain[-1].callee.startswith(("tempfile.Spooled", "zipfile."))


def _listing(file: ReviewedFile, node: ast.expr) -> str:
    return (
        f"`{_called(file, node)}` is gone through to its end in a worker thread before "
        "the loop begins: it must have an end, and what it does between its values comes "
        "before what the loop does with them"
    )


def _warning(file: ReviewedFile, node: ast.expr) -> str:
    return (
        f"`{_called(file, node)}` runs in a worker thread, {_GENERAL}: what it "
        "shares with them must be safe to use from several threads"
    )


def _called(file: ReviewedFile, node: ast.expr) -> str:
    what = file.text(node).partition("(")[0].strip()
    return what if what and len(what) <= 60 else "the call"
