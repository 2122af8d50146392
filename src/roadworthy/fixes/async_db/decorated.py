"""What a decorator's wrapper calls: every function that is decorated with it."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from roadworthy.fixes.async_db.values import Owner, Values
from roadworthy.rules.files import FunctionNode, ReviewedFile


def decorated_for(
    values: Values,
    files: Iterable[ReviewedFile],
    file: ReviewedFile,
    call: ast.Call,
) -> Iterator[Owner]:
    """Yield the functions that a wrapper calls by its decorator's parameter.

    Tests decorate functions as well, which no handler reaches.
    """
    if not isinstance(call.func, ast.Name):
        return
    outer = [a for a in file.ancestors(call) if isinstance(a, _FUNCTIONS)]
    decorators = [f for f in outer[1:] if call.func.id in _parameters(f)]
    if not decorators:
        return
    # The decorator itself, or what makes it: `@retry` and `@retry(times=3)`.
    plain, made = decorators[0], set(outer[outer.index(decorators[0]) + 1 :])
    for other in files:
        if not any(other.mentions(f.name) for f in (plain, *made)):
            continue
        for function in other.functions():
            for decorator in function.decorator_list:
                is_call = isinstance(decorator, ast.Call)
                target = (
                    decorator.func if isinstance(decorator, ast.Call) else decorator
                )
                found = {node for _, node in values.functions_at(other, target)}
                if found & made if is_call else plain in found:
                    yield other, function


_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


def _parameters(function: FunctionNode) -> set[str]:
    arguments = function.args
    every = (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)
    return {argument.arg for argument in every}
