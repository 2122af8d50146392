"""Objects that are read after a commit are reloaded, as a synchronous session does."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from roadworthy.fixes.async_db.operations import Colouring
from roadworthy.fixes.async_db.patch import Patch
from roadworthy.fixes.async_db.relations import Relations
from roadworthy.fixes.async_db.values import Values
from roadworthy.rules import kinds
from roadworthy.rules.files import FunctionNode, ReviewedFile, own_nodes
from roadworthy.values.atoms import Instance
from roadworthy.values.program import ClassInfo


def write(
    values: Values,
    colouring: Colouring,
    patches: dict[ReviewedFile, Patch],
    relations: Relations,
) -> None:
    """Refresh after commits what the same function changed before and reads after."""
    for scope, operations in colouring.operations.items():
        if not isinstance(scope, (ast.FunctionDef, ast.AsyncFunctionDef)):
            continue
        for operation in operations:
            node, file = operation.node, operation.file
            if not (
                operation.what == "call"
                and isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr in ("commit", "refresh")
                and isinstance(file.parent(node), ast.Expr)
                and values.kind(file, node.func.value) in ("session", "registry")
            ):
                continue
            patch = patches[file]
            session = patch.original(node.func.value)
            if node.func.attr == "refresh":
                if len(node.args) == 1 and isinstance(node.args[0], ast.Name):
                    text = _reload(values, file, relations, session, node.args[0])
                    if ".get(" in text:
                        patch.replace(node, text.removeprefix("await "))
                continue
            statement = file.statement_of(node)
            start, end = patch.span(statement)
            indent = " " * (start - (patch.source.text.rfind("\n", 0, start) + 1))
            for name in _stale(values, file, scope, node, relations):
                text = _reload(values, file, relations, session, name)
                patch.insert(end, f"\n{indent}{text}")


def _reload(
    values: Values,
    file: ReviewedFile,
    relations: Relations,
    session: str,
    name: ast.Name,
) -> str:
    """Return the statement that loads an object anew, and what is read from it."""
    rows = _classes(values, file, name)
    names = {
        base.name for cls in rows for base in cls.mro if isinstance(base, ClassInfo)
    }
    key = _key(values, rows) if relations.leads_on(names) else None
    if key is None:
        return f"await {session}.refresh({name.id})"
    return (
        f"await {session}.get(type({name.id}), {name.id}.{key}, populate_existing=True)"
    )


def _classes(values: Values, file: ReviewedFile, name: ast.Name) -> list[ClassInfo]:
    return [
        atom.cls
        for atom in kinds.known(values.review.value(file, name))
        if isinstance(atom, Instance) and kinds.is_table_model(atom)
    ]


def _key(values: Values, rows: list[ClassInfo]) -> str | None:
    """Return the one column that is the key of all these classes."""
    found: set[str] = set()
    for cls in rows:
        own: set[str] = set()
        for base in cls.mro:
            node = (
                values.review.class_node(base) if isinstance(base, ClassInfo) else None
            )
            for statement in node.body if node is not None else ():
                value = getattr(statement, "value", None)
                target = getattr(statement, "target", None) or next(
                    iter(getattr(statement, "targets", ())), None
                )
                if (
                    isinstance(value, ast.Call)
                    and isinstance(target, ast.Name)
                    and any(k.arg == "primary_key" for k in value.keywords)
                ):
                    own.add(target.id)
        if len(own) != 1:
            return None
        found |= own
    return found.pop() if len(found) == 1 else None


def _stale(
    values: Values,
    file: ReviewedFile,
    function: FunctionNode,
    commit: ast.Call,
    relations: Relations,
) -> Iterator[ast.Name]:
    around = {file.statement_of(commit), *file.ancestors(commit)}
    line = commit.lineno
    changed: dict[str, ast.Name] = {}
    gone: set[str] = set()
    refreshed: set[str] = set()
    for node in own_nodes(function):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            named = node.args[0] if node.args else None
            if not isinstance(named, ast.Name):
                continue
            held = values.kind(file, node.func.value) in ("session", "registry")
            if held and node.func.attr in ("delete", "expunge"):
                gone.add(named.id)
            elif held and node.func.attr == "refresh" and node.lineno > line:
                refreshed.add(named.id)
            elif held and node.func.attr == "add" and node.lineno < line:
                if _dominates(file, node, around):
                    changed.setdefault(named.id, named)
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            owner = node.value
            if (
                isinstance(owner, ast.Name)
                and owner.id not in ("self", "cls")
                and node.lineno < line
                and _dominates(file, node, around)
                and _is_row(values, file, owner)
            ):
                changed.setdefault(owner.id, owner)
        elif isinstance(node, ast.Name) and node.lineno < line:
            # What is related to it may have changed with the commit.
            if (
                node.id not in ("self", "cls")
                and _is_surely_there(file, node)
                and _dominates(file, node, around)
                and relations.has_relationships(
                    {cls.name for cls in _classes(values, file, node)}
                )
            ):
                changed.setdefault(node.id, node)
    for name, node in changed.items():
        if name in gone or name in refreshed:
            continue
        if _is_read_after(function, name, commit):
            yield node


def _is_surely_there(file: ReviewedFile, node: ast.Name) -> bool:
    """Whether a name is used where None could not be."""
    parent = file.parent(node)
    if isinstance(parent, ast.Attribute):
        return True
    if isinstance(parent, ast.UnaryOp) and isinstance(parent.op, ast.Not):
        return isinstance(file.parent(parent), ast.If)
    if isinstance(parent, ast.Compare):
        return isinstance(file.parent(parent), ast.If)
    return False


def _dominates(file: ReviewedFile, node: ast.AST, around: set[ast.AST]) -> bool:
    """Whether a statement is run whenever the commit is: its block holds it."""
    holder = file.parent(file.statement_of(node))
    return holder in around


def _is_row(values: Values, file: ReviewedFile, node: ast.Name) -> bool:
    known = kinds.known(values.review.value(file, node))
    return bool(known) and all(kinds.is_table_model(atom) for atom in known)


def _is_read_after(function: FunctionNode, name: str, commit: ast.Call) -> bool:
    for node in own_nodes(function):
        if (
            isinstance(node, ast.Name)
            and node.id == name
            and node.lineno > (commit.end_lineno or commit.lineno)
        ):
            return isinstance(node.ctx, ast.Load)
    return False
