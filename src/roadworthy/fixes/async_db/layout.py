"""Changes to the layout of statements: what is moved, split or added to a call."""

from __future__ import annotations

import ast

from roadworthy.fixes.async_db.patch import Patch


def split_with(patch: Patch, statement: ast.With, awaited: set[ast.withitem]) -> None:
    """Nest the asynchronous contexts of a `with` and the others in each other."""
    text = patch.source.text
    start, _ = patch.span(statement)
    column = start - (text.rfind("\n", 0, start) + 1)
    runs: list[tuple[bool, list[str]]] = []
    for item in statement.items:
        first = patch.span(item.context_expr)[0]
        end = patch.span(item.optional_vars or item.context_expr)[1]
        if item.optional_vars is None:
            end = patch.span(item.context_expr)[1]
        shown = patch.render(first, end)
        is_async = item in awaited
        if runs and runs[-1][0] == is_async:
            runs[-1][1].append(shown)
        else:
            runs.append((is_async, [shown]))
    head = ""
    for depth, (is_async, shown_items) in enumerate(runs):
        if depth:
            head += "\n" + " " * (column + 4 * depth)
        inner = ", ".join(shown_items)
        if len(shown_items) > 1 or "\n" in inner:
            inner = f"({inner})"
        head += f"{'async ' if is_async else ''}with {inner}:"
    last_item = statement.items[-1]
    end = patch.span(last_item.optional_vars or last_item.context_expr)[1]
    body_start = patch.span(statement.body[0])[0]
    colon = text.rindex(":", end, body_start) + 1
    patch.replace_span(start, colon, head)
    shift(patch, statement.body, 4 * (len(runs) - 1))
    indent(patch, statement.body, 4 * (len(runs) - 1))


def shift(patch: Patch, body: list[ast.stmt], width: int) -> None:
    """Move the new lines that changes bring into statements to the right."""
    start, end = patch.span(body[0])[0], patch.span(body[-1])[1]
    patch.shift(start, end, width)


def indent(patch: Patch, body: list[ast.stmt], width: int) -> None:
    """Move the lines of statements to the right; lines within texts stay."""
    kept: set[int] = set()
    for statement in body:
        for inner in ast.walk(statement):
            if isinstance(inner, (ast.Constant, ast.JoinedStr)) and isinstance(
                getattr(inner, "value", ""), str
            ):
                first: int = getattr(inner, "lineno", 0)
                final: int = getattr(inner, "end_lineno", 0) or first
                kept.update(range(first + 1, final + 1))
    begin = min(
        [
            body[0].lineno,
            *(d.lineno for d in getattr(body[0], "decorator_list", ())),
        ]
    )
    end = body[-1].end_lineno or body[-1].lineno
    for line in range(begin, end + 1):
        if line in kept or not patch.source.lines[line - 1].strip():
            continue
        patch.insert(patch.offset(line, 0), " " * width, 1)


def add_argument(patch: Patch, call: ast.Call, argument: str) -> None:
    """Add an argument at the end of a call."""
    text = patch.source.text
    _, end = patch.span(call)
    close = end - 1
    given = [*call.args, *(k.value for k in call.keywords)]
    if not given:
        patch.insert(close, argument)
        return
    stop = max(patch.span(value)[1] for value in given)
    comma = text.find(",", stop, close)
    if comma >= 0 and "#" not in text[stop:comma]:
        newline = "\n" in text[comma:close]
        column = len(text[: patch.span(given[-1])[0]].rpartition("\n")[2])
        lead = text[: patch.span(given[-1])[0]].rpartition("\n")[2]
        space = lead[: len(lead) - len(lead.lstrip())] if column else ""
        patch.insert(comma + 1, f"\n{space}{argument}," if newline else f" {argument}")
    else:
        patch.insert(stop, f", {argument}")
