"""Which schema an expression dumps whole, and what of it is left out."""

from __future__ import annotations

import ast

from roadworthy.rules import kinds
from roadworthy.rules.files import FunctionNode, ReviewedFile, own_nodes
from roadworthy.rules.nodes import walk
from roadworthy.rules.review import Review
from roadworthy.rules.security.bindings import reaching
from roadworthy.values.atoms import Instance

DUMPS = frozenset({"model_dump", "dict"})


def is_encoder(call: ast.Call) -> bool:
    """Whether a call is `jsonable_encoder(…)`, which makes a dictionary of a model."""
    function = call.func
    last = function.attr if isinstance(function, ast.Attribute) else ""
    if isinstance(function, ast.Name):
        last = function.id
    return last == "jsonable_encoder" and bool(call.args)


def written_schema(
    review: Review,
    file: ReviewedFile,
    node: FunctionNode,
    data: ast.expr,
    excluded: frozenset[str],
    depth: int,
) -> tuple[ast.expr, frozenset[str]] | None:
    """Return the schema object that is written whole, and the names left out of it."""
    if depth > 5:
        return None
    if isinstance(data, ast.Call):
        function = data.func
        if isinstance(function, ast.Attribute) and function.attr in DUMPS:
            left_out = _excluded(data)
            if left_out is None:
                return None
            return function.value, excluded | left_out
        if is_encoder(data):
            left_out = _excluded(data)
            if left_out is None:
                return None
            inner = data.args[0]
            if kinds.any_is(review.value(file, inner), _is_schema):
                return inner, excluded | left_out
            return written_schema(
                review, file, node, inner, excluded | left_out, depth + 1
            )
        return None
    if isinstance(data, ast.IfExp):
        for branch in (data.body, data.orelse):
            found = written_schema(review, file, node, branch, excluded, depth + 1)
            if found is not None:
                return found
        return None
    if isinstance(data, ast.Dict):
        named = {
            key.value
            for key in data.keys
            if isinstance(key, ast.Constant) and isinstance(key.value, str)
        }
        for key, value in zip(data.keys, data.values, strict=True):
            if key is None:
                found = written_schema(
                    review, file, node, value, excluded | frozenset(named), depth + 1
                )
                if found is not None:
                    return found
        return None
    if isinstance(data, ast.Name):
        if kinds.any_is(review.value(file, data), _is_schema):
            return data, excluded
        if data.id not in file.local_names(node):
            return None
        left_out = removed_names(node, data.id)
        sources, _ = reaching(file, node, data)
        for source in sources:
            found = written_schema(
                review, file, node, source, excluded | left_out, depth + 1
            )
            if found is not None:
                return found
    if isinstance(data, ast.Attribute) and kinds.any_is(
        review.value(file, data), _is_schema
    ):
        return data, excluded
    return None


def _is_schema(atom: object) -> bool:
    return isinstance(atom, Instance) and kinds.is_model(atom)


def _excluded(call: ast.Call) -> frozenset[str] | None:
    """Return the names that a dump leaves out; None if that cannot be told."""
    found: set[str] = set()
    for keyword in call.keywords:
        if keyword.arg == "include":
            return None
        if keyword.arg == "exclude":
            if not isinstance(keyword.value, (ast.Set, ast.List, ast.Tuple, ast.Dict)):
                return None
            for part in walk(keyword.value):
                if isinstance(part, ast.Constant) and isinstance(part.value, str):
                    found.add(part.value)
    return frozenset(found)


def removed_names(node: FunctionNode, name: str) -> frozenset[str]:
    """Return the keys of a local dictionary that a function removes or sets itself."""
    found: set[str] = set()
    for part in own_nodes(node):
        key: ast.expr | None = None
        if (
            isinstance(part, ast.Subscript)
            and not isinstance(part.ctx, ast.Load)
            and isinstance(part.value, ast.Name)
            and part.value.id == name
        ):
            key = part.slice
        elif (
            isinstance(part, ast.Call)
            and isinstance(part.func, ast.Attribute)
            and isinstance(part.func.value, ast.Name)
            and part.func.value.id == name
        ):
            if part.func.attr == "pop" and part.args:
                key = part.args[0]
            elif part.func.attr == "update":
                for inner in walk(part):
                    if isinstance(inner, ast.Constant) and isinstance(inner.value, str):
                        found.add(inner.value)
                found.update(k.arg for k in part.keywords if k.arg is not None)
        if isinstance(key, ast.Constant) and isinstance(key.value, str):
            found.add(key.value)
    return frozenset(found)
