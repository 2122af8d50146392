"""Where in a file `await` may stand, and where it may but should not."""

from __future__ import annotations

import ast
import re
import sys

from roadworthy.rules.files import FunctionNode, ReviewedFile

_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+")
_LOCKS = frozenset({"lock", "locks", "rlock", "mutex", "semaphore"})
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


def obstacle(
    file: ReviewedFile, node: ast.AST, becoming: FunctionNode | None = None
) -> str:
    """Return why an expression cannot be awaited where it stands; empty if it can.

    `becoming` is a plain function that a fix turns into a coroutine function: its body
    counts as one already.
    """
    child: ast.AST = node
    inside_comprehension = False
    for parent in file.ancestors(node):
        if isinstance(parent, ast.JoinedStr) and sys.version_info < (3, 12):
            return "it stands in an f-string, whose inside Python 3.11 does not place"
        if isinstance(parent, ast.Lambda) and child is parent.body:
            return "it stands in a lambda, where `await` is not allowed"
        if isinstance(parent, ast.ClassDef) and child in parent.body:
            return "it stands in a class body, where `await` is not allowed"
        if isinstance(parent, _COMPREHENSIONS):
            if child is not parent.generators[0]:
                if isinstance(parent, ast.GeneratorExp):
                    return (
                        "it stands in a generator expression, which `await` would make "
                        "an asynchronous one"
                    )
                if inside_comprehension:
                    return "it stands in nested comprehensions; write a loop"
                inside_comprehension = True
            elif inside_comprehension:
                return "it stands in nested comprehensions; write a loop"
        if isinstance(parent, ast.comprehension) and child is not parent.iter:
            # A condition is part of the element's work; marked by its comprehension.
            above = file.parent(parent)
            if isinstance(above, ast.GeneratorExp):
                return (
                    "it stands in a generator expression, which `await` would make an "
                    "asynchronous one"
                )
        if isinstance(parent, ast.With) and child in parent.body:
            for item in parent.items:
                if names_lock(item.context_expr):
                    return (
                        "it runs while a thread's lock is held, and an `await` there "
                        "can lock the whole server"
                    )
        if isinstance(parent, (ast.FunctionDef, ast.AsyncFunctionDef)):
            if child in parent.body:
                if isinstance(parent, ast.AsyncFunctionDef) or parent is becoming:
                    return ""
                return (
                    f"`{parent.name}` is a plain function that the event loop calls; "
                    "what calls it would have to await it"
                )
            if isinstance(child, ast.arguments) and _is_annotation(child, node):
                return "it stands in an annotation"
            if child is parent.returns:
                return "it stands in an annotation"
        child = parent
    return "it runs at import, where `await` is not allowed"


def names_lock(node: ast.expr) -> bool:
    """Whether an expression speaks of a lock: that is all there is to go by."""
    words = _WORD.findall(ast.unparse(node))
    return not _LOCKS.isdisjoint(word.lower() for word in words)


def _is_annotation(arguments: ast.arguments, node: ast.AST) -> bool:
    parameters = (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)
    for parameter in (*parameters, arguments.vararg, arguments.kwarg):
        if parameter is not None and parameter.annotation is not None:
            if any(inner is node for inner in ast.walk(parameter.annotation)):
                return True
    return False


def is_free(file: ReviewedFile, node: ast.AST, name: str) -> bool:
    """Whether a module's name means that module where a node stands.

    It does unless a function around the node binds it; an import of the very module,
    above the node, is no such binding.
    """
    for scope in file.functions_around(node):
        if name not in file.local_names(scope):
            continue
        if file.local_import(scope, name) != (0, name, None):
            return False
        return any(
            isinstance(inner, ast.Import)
            and inner.lineno < getattr(node, "lineno", 0)
            and file.parent(inner) is scope
            and any(alias.name == name for alias in inner.names)
            for inner in file.nodes(ast.Import)
        )
    return name not in file.once(_bound_otherwise)


def _bound_otherwise(file: ReviewedFile) -> frozenset[str]:
    """Return the names at the top of a file that more than `import name` binds."""
    bound: set[str] = set()
    for imported in file.nodes(ast.ImportFrom):
        if isinstance(file.scope(imported), ast.Module):
            bound.update(alias.asname or alias.name for alias in imported.names)
    for module in file.nodes(ast.Import):
        if isinstance(file.scope(module), ast.Module):
            bound.update(
                a.asname for a in module.names if a.asname and a.asname != a.name
            )
    for used in file.nodes(ast.Name):
        if not isinstance(used.ctx, ast.Load) and used.id not in bound:
            if isinstance(file.scope(used), ast.Module):
                bound.add(used.id)
    defined: list[ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef] = [
        *file.functions(),
        *file.nodes(ast.ClassDef),
    ]
    bound.update(
        made.name for made in defined if isinstance(file.scope(made), ast.Module)
    )
    return frozenset(bound)


def needs_parentheses(file: ReviewedFile, node: ast.expr) -> bool:
    """Whether `await …` in a node's place must be put in parentheses."""
    parent = file.parent(node)
    if isinstance(parent, (ast.Attribute, ast.Subscript)) and parent.value is node:
        return True
    if isinstance(parent, ast.Call) and parent.func is node:
        return True
    return isinstance(parent, ast.Await)


def is_plain(node: ast.expr) -> bool:
    """Whether an expression gives the same whenever, and wherever, it is evaluated.

    Names, constants, and f-strings, tuples and attributes of such; an attribute may be a
    property, and is taken for plain all the same where it follows a name.
    """
    if isinstance(node, (ast.Name, ast.Constant)):
        return True
    if isinstance(node, ast.Attribute):
        return is_plain(node.value)
    if isinstance(node, ast.JoinedStr):
        return all(is_plain(value) for value in node.values)
    if isinstance(node, ast.FormattedValue):
        return is_plain(node.value) and node.format_spec is None
    if isinstance(node, ast.Tuple):
        return all(is_plain(element) for element in node.elts)
    if isinstance(node, ast.UnaryOp):
        return is_plain(node.operand)
    return False
