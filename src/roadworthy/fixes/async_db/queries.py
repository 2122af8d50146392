"""Legacy `session.query(...)` chains: what they ask, of which session, and how."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Literal

from roadworthy.fixes.async_db.values import (
    CHAINED,
    Values,
    bindings,
    parameters,
)
from roadworthy.rules.files import ReviewedFile, own_nodes

Mode = Literal["scalars", "execute"]
"""Whether a query gives objects (one entity) or rows."""

_SAME = CHAINED - {"union", "union_all", "reset_joinpoint", "enable_eagerloads"}
_RESULTS = frozenset({"all", "first", "one", "one_or_none", "scalar", "count", "get"})
WRITES = frozenset({"delete", "update"})
_PARTS = frozenset(
    {"exists", "subquery", "scalar_subquery", "cte", "label", "as_scalar"}
)
"""Terminals that ask nothing: they make a part of another statement."""
_ONWRITES = frozenset({"filter", "filter_by", "where", "execution_options", "options"})
AGGREGATES = frozenset({"count", "sum", "avg", "min", "max", "coalesce", "exists"})
_DISTINCT_ROWS = frozenset({"joinedload", "contains_eager"})


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
    origin: tuple[str, str] = ("", "")
    """Module and name of a session that is to be imported."""


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
    def is_rooted(self) -> bool:
        """Whether the root begins a query: an attribute can do that, too."""
        return self.is_query or isinstance(self.root, ast.Attribute)

    @property
    def is_dynamic(self) -> bool:
        """Whether the root is a dynamic relationship of a row."""
        return isinstance(self.root, ast.Attribute) and not self.info.entity

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
        for node in file.nodes(ast.Call, ast.Name, ast.Attribute):
            assert isinstance(node, ast.expr)
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
        if isinstance(node, ast.Attribute):
            return self.values.attributes.stands_for_query(file, node)
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
            if name in WRITES and (
                not chain.is_rooted
                or not info.entity
                or any(a.attr not in _ONWRITES for a, _ in links)
            ):
                trouble = f"`.{name}()` of this query has no plain counterpart"
            elif name == "get" and (
                chain.is_dynamic or any(a.attr != "options" for a, _ in links)
            ):
                trouble = "`.get()` of a query that is filtered"
            elif name not in _RESULTS | WRITES | _PARTS:
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
        if isinstance(node, ast.Attribute):
            return self._attribute(file, node)
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

    def _attribute(self, file: ReviewedFile, node: ast.Attribute) -> Info | None:
        found = self.values.attributes.property_of(file, node)
        if found is not None:
            registry = found.registry
            if not isinstance(registry, ast.Name) or found.file.module is None:
                return None
            origin = (found.file.module.name, registry.id)
            return Info(registry.id, "scalars", file.text(node.value), origin=origin)
        if self.values.attributes.is_dynamic(file, node):
            origin = ("sqlalchemy.ext.asyncio", "async_object_session")
            session = f"async_object_session({file.text(node.value)})"
            return Info(session, "scalars", origin=origin)
        return None

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
        isinstance(inner, ast.Call) and _last(inner.func) in _DISTINCT_ROWS
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
    if isinstance(node, ast.Call) and _last(node.func) == "label":
        return isinstance(node.func, ast.Attribute) and _is_aggregate(node.func.value)
    return isinstance(node, ast.Call) and _last(node.func) in AGGREGATES


def _last(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


# -- uses ------------------------------------------------------------------------------


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
