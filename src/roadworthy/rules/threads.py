"""Calls that run a function for their caller: in a thread, in a process, or later."""

from __future__ import annotations

import ast

from roadworthy.rules.files import ReviewedFile
from roadworthy.rules.review import Review
from roadworthy.rules.trees import last_name

_ALSO = {"add_task": 0, "partial": 0, "start_soon": 0}
"""What runs a function later on the loop, besides what the catalogue says of loops."""
_LOOP = "asyncio.AbstractEventLoop."


def awaited_function(review: Review, call: ast.Call) -> ast.expr | None:
    """Return the function that a call runs off the loop, while the caller waits for it.

    Told by the last part of the call's name alone: `to_thread(f, x)`.
    """
    position = review.once(_awaited).get(last_name(call.func))
    return _argument(call, position)


def thread_function(
    review: Review, file: ReviewedFile, call: ast.Call
) -> ast.expr | None:
    """Return the function that a call runs in a thread, while the caller waits for it.

    Told by what is called; an executor or a process is something else.
    """
    if last_name(call.func) not in review.once(_awaited):
        return None
    offload = review.evaluator.catalogue.offload
    for name in review.names(file, call):
        known = offload.get(name)
        if known is not None and known.kind == "thread":
            return _argument(call, known.argument)
    return None


def starting_names(review: Review) -> frozenset[str]:
    """Return the last parts of names of what starts a function in a thread or process.

    Nobody waits for that function: `Thread(target=f)`, `executor.submit(f)`.
    """
    return frozenset(
        _last(path)
        for path, offload in review.evaluator.catalogue.offload.items()
        if offload.kind in ("started", "submitted")
    )


def handed_over(review: Review, call: ast.Call) -> ast.Call | None:
    """Return the call that `to_thread(f, x)`, `add_task(f, x)` and the like make.

    Told by the last part of the call's name alone. None where what is handed over is
    no name, or is not known.
    """
    arguments = call.args
    if isinstance(call.func, ast.Call):
        # `sync_to_async(f)(x)`
        made_by = call.func
        if last_name(made_by.func) not in review.once(_wrapping):
            return None
        function = _argument(made_by, 0)
    else:
        position = review.once(_handing_over).get(last_name(call.func))
        function = _argument(call, position)
        if position is not None:
            arguments = call.args[position + 1 :]
    if not isinstance(function, (ast.Name, ast.Attribute)):
        return None
    made = ast.Call(function, arguments, call.keywords)
    return ast.copy_location(made, call)


def _argument(call: ast.Call, position: int | str | None) -> ast.expr | None:
    if not isinstance(position, int) or len(call.args) <= position:
        return None
    return call.args[position]


def _awaited(review: Review) -> dict[str, int]:
    return {
        _last(path): offload.argument
        for path, offload in review.evaluator.catalogue.offload.items()
        if offload.is_awaited and isinstance(offload.argument, int)
    }


def _wrapping(review: Review) -> frozenset[str]:
    return frozenset(
        _last(path)
        for path, offload in review.evaluator.catalogue.offload.items()
        if offload.kind == "wrapped"
    )


def _handing_over(review: Review) -> dict[str, int]:
    catalogue = review.evaluator.catalogue
    submitting = {
        _last(path): offload.argument
        for path, offload in catalogue.offload.items()
        if offload.kind == "submitted" and isinstance(offload.argument, int)
    }
    # A loop passes on the arguments that follow; what a task or future calls when it is
    # done is given the task or future.
    scheduling = {
        _last(path): position
        for path, position in catalogue.schedules.items()
        if path.startswith(_LOOP) and isinstance(position, int)
    }
    return {**_ALSO, **scheduling, **submitting, **_awaited(review)}


def _last(path: str) -> str:
    return path.rpartition(".")[2]
