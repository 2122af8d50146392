"""Writes query chains as `select(...)`, `update(...)` and `delete(...)`."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from roadworthy.fixes.async_db.patch import Patch
from roadworthy.fixes.async_db.queries import (
    AGGREGATES,
    WRITES,
    Chain,
    Use,
    use_of,
)
from roadworthy.rules.files import ReviewedFile

_RENAMED = {"filter": "where", "with_entities": "with_only_columns"}
_OPTION = {"yield_per": "yield_per", "autoflush": "autoflush"}
SELECT = "from sqlalchemy import select"


def convert(patch: Patch, chain: Chain, is_used: bool) -> bool:
    """Write a chain as `select(...)`; return whether it is awaited by `async for`.

    `is_used` says whether the value of a write is used.
    """
    file, info, session = chain.file, chain.info, chain.info.session
    method = chain.method
    verb = "select"
    if method in WRITES:
        verb = method
    if method == "get":
        _get(patch, chain)
        return False
    module, name = info.origin
    if module and (chain.terminal or use_of(file, chain) != Use()):
        patch.need_from(module, name)
    if isinstance(chain.root, ast.Attribute):
        _begin(patch, chain, verb)
    elif chain.is_query:
        assert isinstance(chain.root, ast.Call)
        if method == "count" and _counts_plainly(chain):
            patch.replace(chain.root.func, "select(func.count()).select_from")
        else:
            patch.replace(chain.root.func, verb)
        patch.need(f"from sqlalchemy import {verb}")
    for attribute, call in chain.links:
        _link(patch, attribute, call)
    start, _ = patch.span(chain.whole)
    _, end = patch.span(chain.end)
    run = info.mode
    if chain.terminal is None:
        return _unfinished(patch, chain)
    attribute, call = chain.terminal
    name_start = end
    _, whole_end = patch.span(chain.whole)
    parent = file.parent(chain.whole)
    tight = isinstance(parent, (ast.Attribute, ast.Subscript)) and (
        parent.value is chain.whole
    )
    unique = ".unique()" if info.unique and run == "scalars" else ""
    if method in ("all", "one", "one_or_none"):
        patch.wrap_span(start, end, f"(await {session}.{run}(", f")){unique}")
    elif method == "first":
        patch.wrap_span(start, end, f"(await {session}.{run}(", f".limit(1))){unique}")
    elif method == "scalar":
        if info.single or _asks_aggregate(chain):
            patch.wrap_span(start, end, f"{'(' * tight}await {session}.scalar(", "")
            patch.replace_span(name_start, whole_end, ")" + ")" * tight)
        else:
            patch.wrap_span(start, end, f"(await {session}.execute(", "))")
            patch.replace_span(*_name_span(patch, attribute), "scalar_one_or_none")
    elif method == "count":
        patch.need("from sqlalchemy import func")
        patch.need(SELECT)
        if _counts_plainly(chain):
            patch.wrap_span(start, end, f"(await {session}.execute(", "))")
            patch.replace_span(*_name_span(patch, attribute), "scalar_one")
            return False
        patch.wrap_span(
            start,
            end,
            f"(await {session}.execute(select(func.count()).select_from(",
            ".subquery())))",
        )
        patch.replace_span(*_name_span(patch, attribute), "scalar_one")
    elif method in WRITES:
        _write(patch, chain, is_used, start, end, whole_end)
    elif method == "as_scalar":
        patch.replace_span(*_name_span(patch, attribute), "scalar_subquery")
    return False


def _begin(patch: Patch, chain: Chain, verb: str) -> None:
    """Write `User.query` as `select(User)`, `user.posts` as its statement."""
    if chain.is_dynamic:
        patch.wrap(chain.root, "", ".statement")
        return
    patch.need(f"from sqlalchemy import {verb}")
    if chain.method == "count" and _counts_plainly(chain):
        patch.replace(
            chain.root, f"select(func.count()).select_from({chain.info.entity})"
        )
    else:
        patch.replace(chain.root, f"{verb}({chain.info.entity})")


def _counts_plainly(chain: Chain) -> bool:
    """Whether the rows of one entity are counted, filtered at most."""
    return (
        chain.is_rooted
        and bool(chain.info.entity)
        and all(a.attr in ("filter", "filter_by", "where") for a, _ in chain.links)
    )


def _asks_aggregate(chain: Chain) -> bool:
    root = chain.root
    if not (chain.is_query and isinstance(root, ast.Call) and len(root.args) == 1):
        return False
    if any(attribute.attr == "group_by" for attribute, _ in chain.links):
        return False
    asked = root.args[0]
    return isinstance(asked, ast.Call) and _last(asked.func) in AGGREGATES


def _name_span(patch: Patch, attribute: ast.Attribute) -> tuple[int, int]:
    _, end = patch.span(attribute)
    return end - len(attribute.attr), end


def _link(patch: Patch, attribute: ast.Attribute, call: ast.Call) -> None:
    name = attribute.attr
    if name in _RENAMED:
        patch.replace_span(*_name_span(patch, attribute), _RENAMED[name])
    elif name == "populate_existing":
        _, end = patch.span(call)
        start, _ = _name_span(patch, attribute)
        patch.replace_span(start, end, "execution_options(populate_existing=True)")
    elif name in _OPTION and len(call.args) == 1:
        patch.replace_span(*_name_span(patch, attribute), "execution_options")
        patch.wrap(call.args[0], f"{_OPTION[name]}=", "")


def _unfinished(patch: Patch, chain: Chain) -> bool:
    session, run = chain.info.session, chain.info.mode
    use = use_of(chain.file, chain)
    unique = ".unique()" if chain.info.unique and run == "scalars" else ""
    if use.statement is not None:
        _, end = patch.span(chain.whole)
        _, statement_end = patch.span(use.statement)
        patch.replace_span(end, statement_end, "")
        return False
    if use.sliced is not None:
        part = use.sliced.slice
        _, end = patch.span(chain.whole)
        _, slice_end = patch.span(use.sliced)
        start, _ = patch.span(chain.whole)
        if isinstance(part, ast.Slice):
            low = patch.original(part.lower) if part.lower is not None else "0"
            high = patch.original(part.upper) if part.upper is not None else "None"
            patch.wrap_span(start, end, f"(await {session}.{run}(", "")
            patch.replace_span(end, slice_end, f".slice({low}, {high}))){unique}.all()")
        else:
            index = patch.original(part)
            patch.wrap_span(start, end, f"(await {session}.{run}(", "")
            patch.replace_span(
                end, slice_end, f".offset({index}).limit(1))){unique}.one()"
            )
        return False
    if (
        use.iterated is not None
        and chain.info.streams
        and isinstance(use.iterated, ast.For)
    ):
        stream = "stream_scalars" if run == "scalars" else "stream"
        patch.wrap(chain.whole, f"await {session}.{stream}(", ")")
        return True
    if use.iterated is not None or use.listed is not None:
        patch.wrap(chain.whole, f"(await {session}.{run}(", f")){unique}.all()")
    return False


def _write(
    patch: Patch, chain: Chain, is_used: bool, start: int, end: int, whole_end: int
) -> None:
    assert chain.terminal is not None
    _, call = chain.terminal
    session = chain.info.session
    tail = ""
    values = list(call.args)
    options = {k.arg: k.value for k in call.keywords}
    given = options.get("values") or (
        values[0] if chain.method == "update" and values else None
    )
    if chain.method == "update" and given is not None:
        g_start, g_end = patch.span(given)
        tail += f".values({patch.render(g_start, g_end)})"
    how = options.get("synchronize_session")
    if how is None:
        rest = values[1:] if chain.method == "update" else values
        how = rest[0] if rest else None
    if how is not None:
        tail += f".execution_options(synchronize_session={patch.original(how)})"
    before = f"(await {session}.execute(" if is_used else f"await {session}.execute("
    after = f"{tail}))" if is_used else f"{tail})"
    patch.wrap_span(start, end, before, "")
    patch.replace_span(end, whole_end, after + (".rowcount" if is_used else ""))


def _get(patch: Patch, chain: Chain) -> None:
    assert chain.terminal is not None
    _, call = chain.terminal
    if chain.info.origin[0]:
        patch.need_from(*chain.info.origin)
    options = [patch.original(a) for _, link in chain.links for a in link.args]
    asked = (
        patch.original(chain.root.args[0])
        if isinstance(chain.root, ast.Call)
        else chain.info.entity
    )
    key = ", ".join(patch.original(a) for a in call.args) or ", ".join(
        patch.original(k.value) for k in call.keywords
    )
    loading = f", options=[{', '.join(options)}]" if options else ""
    parent = chain.file.parent(chain.whole)
    tight = isinstance(parent, (ast.Attribute, ast.Subscript, ast.Call)) and (
        getattr(parent, "value", None) is chain.whole
        or getattr(parent, "func", None) is chain.whole
    )
    text = f"await {chain.info.session}.get({asked}, {key}{loading})"
    patch.replace(chain.whole, f"({text})" if tight else text)


def _sessions_in(
    file: ReviewedFile, whole: ast.expr, session: ast.expr
) -> Iterator[ast.expr]:
    """Yield the places in an expression that ask the same session for a query."""
    told = file.text(session)
    for node in ast.walk(whole):
        if (
            isinstance(node, ast.Attribute)
            and node.attr == "query"
            and file.text(node.value) == told
        ):
            yield node.value


def by_run_sync(patch: Patch, chain: Chain) -> bool:
    """Hand a chain with no counterpart to the session's `run_sync`, as it is.

    Returns whether that could be done.
    """
    root = chain.root
    if not (chain.is_rooted and chain.info.session):
        return False
    whole = chain.whole
    if chain.terminal is None:
        use = use_of(chain.file, chain)
        if use.iterated is None and use.listed is None:
            return False
    start, end = patch.span(whole)
    body = ""
    at = start
    text = patch.source.text
    session_name = chain.info.session
    if chain.is_dynamic:
        patch.need_from(*chain.info.origin)
    elif isinstance(root, ast.Attribute):
        _, root_end = patch.span(root)
        body, at = f"session.query({chain.info.entity})", root_end
        patch.need_from(*chain.info.origin)
        session_name += "()"
    elif isinstance(root, ast.Call) and isinstance(root.func, ast.Attribute):
        for node in sorted(
            _sessions_in(chain.file, whole, root.func.value),
            key=lambda n: patch.span(n),
        ):
            session_start, session_end = patch.span(node)
            body += f"{text[at:session_start]}session"
            at = session_end
    body += text[at:end]
    if chain.terminal is None:
        body += ".all()"
    call = f"await {session_name}.run_sync(lambda session: {body})"
    patch.replace(whole, f"({call})")
    return True


def _last(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""
