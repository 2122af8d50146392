"""Writes a comparison anew so that its time does not depend on what it compares."""

from __future__ import annotations

import ast

from roadworthy.findings import Finding, Fix, Import
from roadworthy.fixes import imports, places
from roadworthy.rules import kinds
from roadworthy.rules.files import ReviewedFile, own_nodes
from roadworthy.rules.review import Review
from roadworthy.rules.trees import dotted, keyword
from roadworthy.values.atoms import Const, ExternalInstance, Instance
from roadworthy.values.program import ClassInfo


def in_constant_time(review: Review, finding: Finding) -> Fix | None:
    """Compare in constant time, and to the same result."""
    file = places.file_of(review, finding)
    test = places.node_at(file, finding, ast.Compare) if file is not None else None
    if file is None or test is None:
        return None
    named = _compare_digest(file)
    sides = [_as_bytes(review, file, n) for n in (test.left, test.comparators[0])]
    if named is None or sides[0] is None or sides[1] is None:
        return None
    function, needed = named
    is_equal = isinstance(test.ops[0], ast.Eq)
    text = f"{function}({sides[0][0]}, {sides[1][0]})"
    if not is_equal:
        text = f"not {text}"
    absent = [side[1] for side in sides if side is not None and side[1]]
    if absent:
        joint, asked = (" and ", "is not") if is_equal else (" or ", "is")
        text = joint.join([*(f"{name} {asked} None" for name in absent), text])
    holder = file.parent(test)
    alone = isinstance(holder, (ast.If, ast.While, ast.Assign, ast.Return, ast.Assert))
    if not alone and (absent or not is_equal):
        text = f"({text})"
    return Fix(True, (places.replace(file, test, text),), "", needed)


def _compare_digest(file: ReviewedFile) -> tuple[str, tuple[Import, ...]] | None:
    """Return how a file can name `compare_digest`, and the import that this needs."""
    for module in ("secrets", "hmac"):
        name = imports.bound_name(file.tree, f"from {module} import compare_digest")
        if name is not None:
            return name, ()
        name = imports.bound_name(file.tree, f"import {module}")
        if name is not None:
            return f"{name}.compare_digest", ()
    if not imports.binds(file.tree, "secrets"):
        return "secrets.compare_digest", (Import(file.relative, "import secrets"),)
    if not imports.binds(file.tree, "compare_digest"):
        statement = "from secrets import compare_digest"
        return "compare_digest", (Import(file.relative, statement),)
    return None


def _as_bytes(
    review: Review, file: ReviewedFile, node: ast.expr
) -> tuple[str, str] | None:
    """Return an operand as bytes, and the name to be asked whether it is None.

    None where its type is not known, or where it may be None and is more than a name:
    what is written twice is evaluated twice.
    """
    types = _types(review, file, node)
    text = places.source_text(file, node)
    optional = "None" in types
    if optional and dotted(node) is None:
        return None
    if "\n" in text:
        return None
    absent = text if optional else ""
    known = types - {"None"}
    if known == {"bytes"}:
        return text, absent
    if known == {"str"}:
        simple = isinstance(
            node, (ast.Name, ast.Attribute, ast.Call, ast.Subscript, ast.JoinedStr)
        )
        return f"{text if simple else f'({text})'}.encode()", absent
    return None


def _types(review: Review, file: ReviewedFile, node: ast.expr) -> set[str]:
    """Return `str`, `bytes`, `None`, and `?` for what an expression may also be."""
    if isinstance(node, ast.JoinedStr):
        return {"str"}
    found = {_type(atom) for atom in review.value(file, node)} or {"?"}
    if found == {"?"} and isinstance(node, ast.Call):
        target = node.func
        if isinstance(target, ast.Attribute) and not node.args and not node.keywords:
            return {_OF_METHODS.get(target.attr, "?")}
    if "?" in found and isinstance(node, ast.Name):
        declared = _declared(review, file, node)
        return declared or found
    if isinstance(node, ast.Attribute) and _is_none_by_default(review, file, node):
        found.add("None")
    return found


def _is_none_by_default(
    review: Review, file: ReviewedFile, node: ast.Attribute
) -> bool:
    """Whether a field is None where nothing was sent, whatever type it claims.

    Pydantic does not check defaults: `password: str = Field(None)` gives None.
    """
    for atom in review.value(file, node.value):
        for cls in atom.cls.mro if isinstance(atom, Instance) else ():
            body = [] if isinstance(cls, str) else _body(review, cls)
            for statement in body:
                if (
                    isinstance(statement, ast.AnnAssign)
                    and isinstance(statement.target, ast.Name)
                    and statement.target.id == node.attr
                ):
                    return _gives_none(statement.value)
    return False


def _body(review: Review, cls: ClassInfo) -> list[ast.stmt]:
    node = review.class_node(cls)
    return node.body if node is not None else []


def _gives_none(default: ast.expr | None) -> bool:
    if isinstance(default, ast.Call):
        first = default.args[0] if default.args else keyword(default, "default")
        return _gives_none(first)
    return isinstance(default, ast.Constant) and default.value is None


_OF_METHODS = {"hexdigest": "str", "digest": "bytes", "encode": "bytes"}
"""What methods give that no other common type has by these names."""


def _type(atom: object) -> str:
    if isinstance(atom, Const):
        kind = type(atom.value).__name__
        return {"NoneType": "None", "str": "str"}.get(kind, "?")
    if isinstance(atom, ExternalInstance):
        return {"builtins.str": "str", "builtins.bytes": "bytes"}.get(atom.path, "?")
    return "?"


def _declared(review: Review, file: ReviewedFile, node: ast.Name) -> set[str]:
    """Return the types that a parameter is annotated with, and never bound anew."""
    function = file.function_of(node)
    if function is None:
        return set()
    arguments = function.args
    for argument in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs):
        if argument.arg == node.id and argument.annotation is not None:
            break
    else:
        return set()
    if any(
        isinstance(other, ast.Name)
        and other.id == node.id
        and not isinstance(other.ctx, ast.Load)
        for other in own_nodes(function)
    ):
        return set()
    types = review.annotation(file, argument.annotation)
    names = {kinds.type_name(atom) for atom in kinds.plain_types(types)}
    written = file.text(argument.annotation)
    found = {
        {"str": "str", "bytes": "bytes"}.get(n.rpartition(".")[2], "?") for n in names
    }
    return found | ({"None"} if "None" in written or "Optional" in written else set())
