"""What a call is given by keyword, `**OPTIONS` of a known dictionary included."""

from __future__ import annotations

import ast
from dataclasses import dataclass

from roadworthy.rules import kinds
from roadworthy.rules.files import ReviewedFile
from roadworthy.rules.review import Review
from roadworthy.values.atoms import Mapping, Value


@dataclass(frozen=True, slots=True, eq=False)
class Given:
    """A keyword argument: what it stands for, and where it is written out."""

    value: Value
    node: ast.expr | None
    """None where a dictionary gives it."""


def keyword_arguments(
    review: Review, file: ReviewedFile, call: ast.Call
) -> dict[str, Given]:
    """Return what a call is given by keyword; what cannot be told is left out."""
    found: dict[str, Given] = {}
    for keyword in call.keywords:
        value = review.value(file, keyword.value)
        if keyword.arg is not None:
            found[keyword.arg] = Given(value, keyword.value)
        elif isinstance(keyword.value, ast.Dict):
            for key, item in zip(keyword.value.keys, keyword.value.values, strict=True):
                if isinstance(key, ast.Constant) and isinstance(key.value, str):
                    found[key.value] = Given(review.value(file, item), item)
        elif len(value) == 1 and isinstance(value[0], Mapping):
            for name, held in value[0].items or ():
                if isinstance(name, str):
                    found.setdefault(name, Given(held, None))
    return found


def is_of_settings(review: Review, file: ReviewedFile, node: ast.expr | None) -> bool:
    """Whether an expression reads a field of settings, whose value deployments give.

    An object whose class is not known may be such settings, and counts as one.
    """
    if not isinstance(node, ast.Attribute):
        return False
    owner = kinds.known(review.value(file, node.value))
    if not owner:
        return True
    for atom in owner:
        if kinds.is_model(atom) or kinds.is_settings(atom):
            return True
        cls = kinds.class_of(atom)
        if cls is not None and cls.find("__init__") is not None:
            return True
    return False


def is_environment(review: Review, file: ReviewedFile, node: ast.expr) -> bool:
    """Whether an expression is `os.environ`."""
    return kinds.any_is(
        review.static(file, node) or (),
        lambda atom: kinds.path_of(atom) == "os.environ",
    )
