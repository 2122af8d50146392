"""Legacy `session.query(...)` chains as `select(...)`, executed by the session."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Literal

from roadworthy.fixes.async_db.patch import Patch
from roadworthy.fixes.async_db.values import (
    CHAINED,
    Owner,
    Values,
    bindings,
    parameters,
)
from roadworthy.rules.files import ReviewedFile, own_nodes
from roadworthy.rules.trees import last_name

Mode = Literal["scalars", "execute"]
"""Whether a query gives objects (one entity) or rows."""

_SAME = CHAINED - {"union", "union_all", "reset_joinpoint", "enable_eagerloads"}
_RENAMED = {"filter": "where", "with_entities": "with_only_columns"}
_OPTION = {"yield_per": "yield_per", "autoflush": "autoflush"}
_RESULTS = frozenset({"all", "first", "one", "one_or_none", "scalar", "count", "get"})
_WRITES = frozenset({"delete", "update"})
_PARTS = frozenset(
    {"exists", "subquery", "scalar_subquery", "cte", "label", "as_scalar"}
)
"""Terminals that ask nothing: they make a part of another statement."""
_ON_WRITES = frozenset({"filter", "filter_by", "where", "execution_options", "options"})
_AGGREGATES = frozenset({"count", "sum", "avg", "min", "max", "coalesce", "exists"})
_DISTINCT_ROWS = frozenset({"joinedload", "contains_eager"})

SELECT = "from sqlalchemy import select"


@dataclass(frozen=True, slots=True)
class Info:
    """What a query asks, and of which session."""

    session: str
    """The expression of the session, as it reads where the query is used."""
    mode: Mode
    entity: str = ""
    """The single entity; empty for rows."""
    single: bool = False
    """Whether it gives one row at most by its nature: aggregates without groups."""
    unique: bool = False
    """Whether joined collections may repeat rows, which `Query` removes itself."""
    streams: bool = False


@dataclass(slots=True)
class Chain:
    """A query from its root up to where it is executed or handed on."""

    file: ReviewedFile
    root: ast.expr
    """`session.query(...)`, or a name or call that stands for a query."""
    info: Info
    links: list[tuple[ast.Attribute, ast.Call]] = field(default_factory=list)
    terminal: tuple[ast.Attribute, ast.Call] | None = None
    end: ast.expr = field(init=False)
    """The outermost expression of the chain without its terminal."""
    whole: ast.expr = field(init=False)
    trouble: str = ""

    def __post_init__(self) -> None:
        self.end = self.links[-1][1] if self.links else self.root
        self.whole = self.terminal[1] if self.terminal else self.end

    @property
    def is_query(self) -> bool:
        """Whether the root is `session.query(...)` itself."""
        return (
            isinstance(self.root, ast.Call)
            and isinstance(self.root.func, ast.Attribute)
            and self.root.func.attr == "query"
        )

    @property
    def method(self) -> str:
        """The terminal's name; empty without one."""
        return self.terminal[0].attr if self.terminal else ""


class Queries:
    """The query chains of a project."""

    def __init__(self, values: Values) -> None:
        self.values = values
        self._infos: dict[ast.AST, Info | None] = {}
        self._asking: set[ast.AST] = set()

    def chains(self, file: ReviewedFile) -> Iterator[Chain]:
        """Yield the chains in a file, the inner ones of a nest last."""
        for node in file.nodes(ast.Call, ast.Name):
            if not self._is_root(file, node):
                continue
            info = self.info(file, node)
            if info is None:
                if isinstance(node, ast.Name) and not isinstance(
                    file.parent(node), ast.Attribute
                ):
                    continue
                info = Info("", "scalars")
            yield self._chain(file, node, info)

    def _is_root(self, file: ReviewedFile, node: ast.expr) -> bool:
        if isinstance(node, ast.Name):
            if not isinstance(node.ctx, ast.Load):
                return False
            return self.values.kind(file, node) == "query"
        assert isinstance(node, ast.Call)
        function = node.func
        if isinstance(function, ast.Attribute):
            held = self.values.kind(file, function.value)
            if held in ("session", "registry"):
                return function.attr == "query"
            if held == "query":
                return False
        return bool(self.values.callees(file, node)) and (
            self.values.kind(file, node) == "query"
        )

    def _chain(self, file: ReviewedFile, root: ast.expr, info: Info) -> Chain:
        links: list[tuple[ast.Attribute, ast.Call]] = []
        terminal: tuple[ast.Attribute, ast.Call] | None = None
        node: ast.expr = root
        trouble = ""
        while True:
            attribute = file.parent(node)
            if not (isinstance(attribute, ast.Attribute) and attribute.value is node):
                break
            call = file.parent(attribute)
            if not (isinstance(call, ast.Call) and call.func is attribute):
                break
            if attribute.attr not in CHAINED:
                terminal = (attribute, call)
                break
            if attribute.attr not in _SAME:
                trouble = f"`.{attribute.attr}()` has no counterpart on `select()`"
            links.append((attribute, call))
            info = _after(self, file, info, attribute, call)
            node = call
        chain = Chain(file, root, info, links, terminal)
        if terminal is not None:
            name = terminal[0].attr
            if name in _WRITES and (
                not chain.is_query
                or not info.entity
                or any(a.attr not in _ON_WRITES for a, _ in links)
            ):
                trouble = f"`.{name}()` of this query has no plain counterpart"
            elif name == "get" and any(a.attr != "options" for a, _ in links):
                trouble = "`.get()` of a query that is filtered"
            elif name not in _RESULTS | _WRITES | _PARTS:
                trouble = f"`.{name}()` has no counterpart on `select()`"
        chain.trouble = trouble
        return chain

    # -- what a query asks -----------------------------------------------------------

    def info(self, file: ReviewedFile, node: ast.expr) -> Info | None:
        """Return what a root asks; None where its session cannot be told."""
        if node in self._infos:
            return self._infos[node]
        if node in self._asking:
            return None
        self._asking.add(node)
        found = self._info(file, node)
        self._asking.discard(node)
        self._infos[node] = found
        return found

    def _info(self, file: ReviewedFile, node: ast.expr) -> Info | None:
        if isinstance(node, ast.Name):
            return self._variable(file, node)
        if not isinstance(node, ast.Call):
            return None
        function = node.func
        if isinstance(function, ast.Attribute) and function.attr == "query":
            return self.root(file, node, file.text(function.value))
        for owner in self.values.callees(file, node):
            found = self._of_function(*owner, file, node)
            if found is not None:
                return found
        return None

    def root(self, file: ReviewedFile, call: ast.Call, session: str) -> Info:
        """Return what `session.query(...)` is in the new style."""
        if len(call.args) == 1 and not isinstance(call.args[0], ast.Starred):
            asked = call.args[0]
            if self.values.is_entity(file, asked) or not _is_column(asked):
                return Info(session, "scalars", file.text(asked))
        single = bool(call.args) and all(_is_aggregate(a) for a in call.args)
        return Info(session, "execute", single=single)

    def _variable(self, file: ReviewedFile, node: ast.Name) -> Info | None:
        scope = file.scope(node)
        while isinstance(scope, (ast.Lambda, ast.ClassDef)):
            scope = file.scope(scope)
        found: Info | None = None
        for value in bindings(file, scope, node.id):
            info = self.of_expression(file, value)
            if info is None:
                continue
            found = (
                info
                if found is None
                else replace(found, unique=found.unique or info.unique)
            )
            if info.mode != found.mode:
                found = replace(found, mode=info.mode, entity=info.entity)
        if found is None and isinstance(scope, (ast.FunctionDef, ast.AsyncFunctionDef)):
            session = next(
                (
                    argument.arg
                    for argument, _ in parameters(scope)
                    if self.values.bound(file, scope, argument.arg) == "session"
                ),
                None,
            )
            if session is not None:
                found = Info(session, "scalars")
        return found

    def of_expression(self, file: ReviewedFile, value: ast.expr) -> Info | None:
        """Return what the chain that an expression is asks."""
        links: list[tuple[ast.Attribute, ast.Call]] = []
        node = value
        while (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr in CHAINED
            and self.values.kind(file, node.func.value) == "query"
        ):
            links.append((node.func, node))
            node = node.func.value
        info = self.info(file, node)
        if info is None:
            return None
        for attribute, call in reversed(links):
            info = _after(self, file, info, attribute, call)
        return info

    def _of_function(
        self,
        file: ReviewedFile,
        function: ast.FunctionDef | ast.AsyncFunctionDef,
        at: ReviewedFile,
        call: ast.Call,
    ) -> Info | None:
        """Return what a function's query asks, the session as the caller names it."""
        for inner in own_nodes(function):
            if not isinstance(inner, ast.Return) or inner.value is None:
                continue
            info = self.of_expression(file, inner.value)
            if info is None:
                continue
            head, _, rest = info.session.partition(".")
            if head in ("self", "cls") and isinstance(call.func, ast.Attribute):
                receiver = at.text(call.func.value)
                return replace(info, session=f"{receiver}.{rest}" if rest else receiver)
            given = _argument(function, call, head)
            if given is not None:
                text = at.text(given)
                return replace(info, session=f"{text}.{rest}" if rest else text)
        return None


def _after(
    queries: Queries,
    file: ReviewedFile,
    info: Info,
    attribute: ast.Attribute,
    call: ast.Call,
) -> Info:
    """Return what a query asks after one more link."""
    name = attribute.attr
    if name == "with_entities":
        root = queries.root(file, call, info.session)
        return replace(root, unique=info.unique)
    if name == "add_columns":
        return replace(info, mode="execute", entity="")
    if name == "group_by":
        return replace(info, single=False)
    if name == "yield_per":
        return replace(info, streams=True)
    if name == "options" and any(
        isinstance(inner, ast.Call) and last_name(inner.func) in _DISTINCT_ROWS
        for argument in call.args
        for inner in ast.walk(argument)
    ):
        return replace(info, unique=True)
    return info


def _argument(
    function: ast.FunctionDef | ast.AsyncFunctionDef, call: ast.Call, name: str
) -> ast.expr | None:
    for keyword in call.keywords:
        if keyword.arg == name:
            return keyword.value
    names = [a.arg for a in (*function.args.posonlyargs, *function.args.args)]
    if names and names[0] in ("self", "cls") and isinstance(call.func, ast.Attribute):
        names = names[1:]
    if name in names and names.index(name) < len(call.args):
        return call.args[names.index(name)]
    return None


def _is_column(node: ast.expr) -> bool:
    """Whether what is asked for is a column or an SQL expression, by its form."""
    if isinstance(node, ast.Attribute):
        # `models.User` is a class, `User.id` a column: classes begin with a capital.
        return not (node.attr[:1].isupper() or node.attr in ("model", "model_class"))
    return not isinstance(node, ast.Name)


def _is_aggregate(node: ast.expr) -> bool:
    if isinstance(node, ast.Call) and last_name(node.func) == "label":
        return isinstance(node.func, ast.Attribute) and _is_aggregate(node.func.value)
    return isinstance(node, ast.Call) and last_name(node.func) in _AGGREGATES


# -- rewriting -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Use:
    """How a chain's value is used where it stands."""

    iterated: ast.For | ast.comprehension | None = None
    listed: ast.Call | None = None
    """`list(chain)`"""
    sliced: ast.Subscript | None = None
    statement: ast.Attribute | None = None
    """`chain.statement`"""


def use_of(file: ReviewedFile, chain: Chain) -> Use:
    """Return how a chain that no terminal executes is used."""
    parent = file.parent(chain.whole)
    if isinstance(parent, (ast.For, ast.comprehension)) and parent.iter is chain.whole:
        return Use(iterated=parent)
    if isinstance(parent, ast.Call) and chain.whole in parent.args:
        if isinstance(parent.func, ast.Name) and parent.func.id in (
            "list",
            "tuple",
            "set",
            "enumerate",
            "sorted",
        ):
            return Use(listed=parent)
    if isinstance(parent, ast.Subscript) and parent.value is chain.whole:
        return Use(sliced=parent)
    if isinstance(parent, ast.Attribute) and parent.attr == "statement":
        return Use(statement=parent)
    return Use()


def executes(file: ReviewedFile, chain: Chain) -> bool:
    """Whether a chain asks the database where it stands."""
    if chain.terminal is not None:
        return chain.method not in _PARTS
    use = use_of(file, chain)
    return bool(use.iterated or use.listed or use.sliced)


def convert(patch: Patch, chain: Chain, is_used: bool) -> bool:
    """Write a chain as `select(...)`; return whether it is awaited by `async for`.

    `is_used` says whether the value of a write is used.
    """
    file, info, session = chain.file, chain.info, chain.info.session
    method = chain.method
    verb = "select"
    if method in _WRITES:
        verb = method
    if method == "get":
        _get(patch, chain)
        return False
    if chain.is_query:
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
    elif method in _WRITES:
        _write(patch, chain, is_used, start, end, whole_end)
    elif method == "as_scalar":
        patch.replace_span(*_name_span(patch, attribute), "scalar_subquery")
    return False


def _counts_plainly(chain: Chain) -> bool:
    """Whether the rows of one entity are counted, filtered at most."""
    return (
        chain.is_query
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
    return isinstance(asked, ast.Call) and last_name(asked.func) in _AGGREGATES


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
    assert chain.terminal is not None and isinstance(chain.root, ast.Call)
    _, call = chain.terminal
    options = [patch.original(a) for _, link in chain.links for a in link.args]
    asked = patch.original(chain.root.args[0])
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
    if not (
        chain.is_query
        and isinstance(root, ast.Call)
        and isinstance(root.func, ast.Attribute)
        and chain.info.session
    ):
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
    for node in sorted(
        _sessions_in(chain.file, whole, root.func.value), key=lambda n: patch.span(n)
    ):
        session_start, session_end = patch.span(node)
        body += f"{text[at:session_start]}session"
        at = session_end
    body += text[at:end]
    if chain.terminal is None:
        body += ".all()"
    call = f"await {chain.info.session}.run_sync(lambda session: {body})"
    patch.replace(whole, f"({call})")
    return True


__all__ = [
    "Chain",
    "Info",
    "Owner",
    "Queries",
    "Use",
    "by_run_sync",
    "convert",
    "executes",
    "use_of",
]
