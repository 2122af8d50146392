"""Whether what a call makes is kept beyond the function that makes it."""

from __future__ import annotations

import ast

from roadworthy.rules.files import FunctionNode, ReviewedFile, own_nodes
from roadworthy.rules.nodes import walk
from roadworthy.rules.trees import last_name


def is_kept(file: ReviewedFile, call: ast.Call, function: FunctionNode) -> bool:
    """Whether what a call makes is kept beyond the function, or made only once."""
    child: ast.AST = call
    for parent in file.ancestors(call):
        if parent is function:
            break
        if isinstance(parent, ast.If) and _asks_for_absence(parent, child):
            return True
        if isinstance(parent, ast.IfExp) and _asks_for_absence(parent, child):
            return True
        child = parent
    if _is_given_back(file, function, call) and _returns_what_is_there(function, call):
        return True
    statement = file.statement_of(call)
    targets: list[ast.expr] = []
    if isinstance(statement, ast.Assign):
        targets = statement.targets
    elif isinstance(statement, ast.AnnAssign):
        targets = [statement.target]
    for target in targets:
        if isinstance(target, ast.Subscript):
            return True
        if isinstance(target, ast.Attribute) and function.name not in (
            "__init__",
            "__aenter__",
            "__enter__",
            "__post_init__",
        ):
            return True
        if isinstance(target, ast.Name) and (
            target.id in _outer_names(function) or _is_stored(file, function, target.id)
        ):
            return True
    holder = file.parent(call)
    if isinstance(holder, ast.Call) and last_name(holder.func) in (
        "setdefault",
        "setattr",
    ):
        return True
    return isinstance(holder, ast.NamedExpr) and holder.target.id in _outer_names(
        function
    )


def _is_given_back(file: ReviewedFile, function: FunctionNode, call: ast.Call) -> bool:
    """Whether a function returns what a call in it makes."""
    statement = file.statement_of(call)
    if isinstance(statement, ast.Return):
        return True
    if not isinstance(statement, (ast.Assign, ast.AnnAssign)):
        return False
    targets = (
        statement.targets if isinstance(statement, ast.Assign) else [statement.target]
    )
    names = {target.id for target in targets if isinstance(target, ast.Name)}
    return any(
        isinstance(node, ast.Return)
        and node.value is not None
        and any(isinstance(n, ast.Name) and n.id in names for n in walk(node.value))
        for node in own_nodes(function)
    )


def _returns_what_is_there(function: FunctionNode, call: ast.Call) -> bool:
    """Whether the function leaves earlier with what it finds: `if known: return known`."""
    for node in own_nodes(function):
        if not isinstance(node, ast.If) or node.lineno >= call.lineno:
            continue
        last = node.body[-1]
        if isinstance(last, ast.Return) and isinstance(
            last.value, (ast.Name, ast.Attribute, ast.Subscript)
        ):
            given = ast.dump(last.value)
            if any(ast.dump(inner) == given for inner in walk(node.test)):
                return True
            if isinstance(last.value, ast.Subscript) and isinstance(
                node.test, ast.Compare
            ):
                return True
    return False


def _outer_names(function: FunctionNode) -> set[str]:
    """Return the names that a function binds outside of itself."""
    found: set[str] = set()
    for declared in walk(function, ast.Global):
        found.update(declared.names)
    for bound in walk(function, ast.Nonlocal):
        found.update(bound.names)
    return found


def _asks_for_absence(test: ast.If | ast.IfExp, child: ast.AST) -> bool:
    """Whether a branch is taken where an attribute, item or name is not there yet."""
    body = test.body if isinstance(test.body, list) else [test.body]
    inside = any(child is statement for statement in body)
    asked = test.test
    for part in asked.values if isinstance(asked, ast.BoolOp) else [asked]:
        if isinstance(part, ast.UnaryOp) and isinstance(part.op, ast.Not):
            if inside and isinstance(part.operand, (ast.Attribute, ast.Subscript)):
                return True
            if (
                inside
                and isinstance(part.operand, ast.Call)
                and last_name(part.operand.func) == "hasattr"
            ):
                return True
        if isinstance(part, ast.Compare) and len(part.ops) == 1:
            absent = isinstance(part.ops[0], (ast.Is, ast.Eq, ast.NotIn))
            if (
                absent == inside
                and isinstance(part.left, (ast.Attribute, ast.Subscript))
                and isinstance(part.comparators[0], ast.Constant)
            ):
                return True
            if inside and isinstance(part.ops[0], ast.NotIn):
                return True
    return False


def _is_stored(file: ReviewedFile, function: FunctionNode, name: str) -> bool:
    """Whether a local name is put into an attribute, an item or a container."""
    for node in walk(function, ast.Name):
        if node.id != name:
            continue
        parent = file.parent(node)
        if isinstance(parent, ast.Assign) and parent.value is node:
            if any(
                isinstance(t, (ast.Attribute, ast.Subscript)) for t in parent.targets
            ):
                return function.name not in ("__init__", "__post_init__")
            if any(
                isinstance(t, ast.Name) and t.id not in file.local_names(function)
                for t in parent.targets
            ):
                return True
        if isinstance(parent, ast.Call) and last_name(parent.func) in (
            "setdefault",
            "append",
            "add",
            "put",
            "put_nowait",
            "set",
            "setattr",
        ):
            return True
    return False
