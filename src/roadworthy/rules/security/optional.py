"""Whether a security dependency lets strangers in too."""

from __future__ import annotations

import ast

from roadworthy.rules import kinds
from roadworthy.rules.files import own_nodes
from roadworthy.rules.handlers import DependencyUse, Handler
from roadworthy.rules.nodes import walk
from roadworthy.rules.review import Review
from roadworthy.rules.security.authentication import REFUSALS, Guards
from roadworthy.values.program import FunctionInfo


def asks_everybody(review: Review, guard: Guards, handler: Handler) -> bool:
    """Whether no route of a handler can be called by a stranger."""
    return all(
        any(
            (guard.is_authenticating(use) and not is_optional(review, guard, use))
            or _sends_away(review, guard, use)
            for use in review.dependencies(route)
        )
        or any(guard.has_authenticating_middleware(r) for r in route.chain)
        for route in handler.routes
    )


def _sends_away(review: Review, guard: Guards, use: DependencyUse) -> bool:
    """Whether a dependency raises where nobody is logged in, be it to redirect."""
    for function in use.functions:
        node = review.node_of(function.function)
        if (
            node is not None
            and any(isinstance(part, ast.Raise) for part in own_nodes(node))
            and not _may_return_none(review, function.function)
            and any(
                guard.is_authenticating(inner)
                for inner in review.dependencies(function)
            )
        ):
            return True
    return False


def is_optional(review: Review, guard: Guards, use: DependencyUse) -> bool:
    """Whether a security dependency lets strangers in too (`auto_error=False`)."""
    if use.functions:
        return all(
            REFUSALS.isdisjoint(guard.statuses(function.function))
            and _may_return_none(review, function.function)
            for function in use.functions
        )
    if use.owner is None:
        return False
    node = review.node_of(use.owner)
    if node is None:
        return False
    arguments = (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)
    return any(
        argument.arg == use.parameter and _names_none(argument.annotation)
        for argument in arguments
    ) or _all_schemes_are_optional(review)


def _may_return_none(review: Review, function: FunctionInfo) -> bool:
    node = review.node_of(function)
    return node is not None and _names_none(node.returns)


def _names_none(annotation: ast.expr | None) -> bool:
    if annotation is None:
        return False
    return any(
        (isinstance(part, ast.Constant) and part.value is None)
        or (isinstance(part, ast.Name) and part.id == "Optional")
        or (isinstance(part, ast.Attribute) and part.attr == "Optional")
        for part in walk(annotation)
    )


def _all_schemes_are_optional(review: Review) -> bool:
    answers = [
        kinds.is_false(review.value(file, keyword.value))
        for file in review.files
        if file.mentions("fastapi.security")
        for call in file.nodes(ast.Call)
        if any(
            name.startswith("fastapi.security.")
            for name in review.static_names(file, call)
        )
        for keyword in [
            *(k for k in call.keywords if k.arg == "auto_error"),
            ast.keyword("auto_error", ast.Constant(True)),
        ][:1]
    ]
    return bool(answers) and all(answers)
