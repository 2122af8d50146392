"""Parameters of handlers and dependencies: their defaults moved into `Annotated`."""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import dataclass

from roadworthy.findings import Fix, Import
from roadworthy.fixes import imports, places
from roadworthy.rules.files import FunctionNode, ReviewedFile

ANNOTATED = "from typing import Annotated"


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter as written: its name, annotation and default."""

    node: ast.arg
    default: ast.expr | None

    @property
    def last(self) -> ast.AST:
        """The last node of its text."""
        return self.default if self.default is not None else self.node


def positional(function: FunctionNode) -> list[Parameter]:
    """Return the parameters that may be given by position, in order."""
    arguments = function.args
    nodes = [*arguments.posonlyargs, *arguments.args]
    gap = len(nodes) - len(arguments.defaults)
    defaults: list[ast.expr | None] = [*([None] * gap), *arguments.defaults]
    return [Parameter(n, d) for n, d in zip(nodes, defaults, strict=True)]


def by_keyword(function: FunctionNode) -> list[Parameter]:
    """Return the parameters that stand behind `*`, in order."""
    arguments = function.args
    return [
        Parameter(node, default)
        for node, default in zip(
            arguments.kwonlyargs, arguments.kw_defaults, strict=True
        )
    ]


def function_with(file: ReviewedFile, argument: ast.arg) -> FunctionNode | None:
    """Return the function that a parameter belongs to."""
    for parent in file.ancestors(argument):
        if isinstance(parent, (ast.FunctionDef, ast.AsyncFunctionDef)):
            return parent
    return None


def annotated(file: ReviewedFile) -> tuple[str, tuple[Import, ...]] | None:
    """Return how a file can write `Annotated`, and the import that this needs.

    None where the name means something else there.
    """
    for statement in (ANNOTATED, "from typing_extensions import Annotated"):
        name = imports.bound_name(file.tree, statement)
        if name is not None:
            return name, ()
    if imports.binds(file.tree, "Annotated"):
        return None
    return "Annotated", (Import(file.relative, ANNOTATED),)


def can_be_annotated(file: ReviewedFile, parameter: Parameter) -> bool:
    """Tell whether `Annotated[type, default]` says the same as the default does.

    It needs a type; one that is `Annotated` already, or is written as a text, is left.
    Where annotations are texts by `from __future__ import annotations`, what the default
    names must be known at module level.
    """
    annotation, default = parameter.node.annotation, parameter.default
    if annotation is None or default is None:
        return False
    if isinstance(annotation, ast.Constant) or "Annotated" in file.text(annotation):
        return False
    function = function_with(file, parameter.node)
    if function is None or "#" in places.source_text(file, default):
        return False
    is_nested = file.function_of(function) is not None
    return not (is_nested and _annotations_are_texts(file.tree))


def _annotations_are_texts(tree: ast.Module) -> bool:
    return any(
        isinstance(node, ast.ImportFrom)
        and node.module == "__future__"
        and any(alias.name == "annotations" for alias in node.names)
        for node in tree.body
    )


def with_dependencies_annotated(
    file: ReviewedFile,
    function: FunctionNode,
    wanted: set[ast.arg],
    note: str,
    may_reorder: Callable[[], bool],
) -> Fix | None:
    """Return the fix that moves defaults of `wanted` parameters into `Annotated`.

    All of a function's at once. A parameter without a default must not follow one that
    has one: where it would, those without move to the front, each in its order; a
    signature with comments among parameters that would have to move is left.
    """
    marker = annotated(file)
    every = positional(function)
    chosen = [
        parameter
        for parameter in (*every, *by_keyword(function))
        if parameter.node in wanted and can_be_annotated(file, parameter)
    ]
    if marker is None or not chosen:
        return None
    name, needed = marker
    texts = {}
    for parameter in (*every, *by_keyword(function)):
        text = _text(file, parameter)
        if parameter in chosen:
            assert parameter.node.annotation is not None
            assert parameter.default is not None
            kind = places.source_text(file, parameter.node.annotation)
            default = places.source_text(file, parameter.default)
            text = f"{parameter.node.arg}: {name}[{kind}, {default}]"
        texts[parameter] = text
    order = sorted(every, key=lambda p: p.default is not None and p not in chosen)
    if order != every:
        staying = wanted - _nodes(chosen)
        if not _may_be_ordered(file, function, every, order, staying):
            return None
        if not may_reorder():
            return None
        edits = tuple(
            places.between(file, old.node, old.last, texts[new])
            for old, new in zip(every, order, strict=True)
            if old is not new or old in chosen
        )
        keyword_only = [p for p in by_keyword(function) if p in chosen]
    else:
        edits, keyword_only = (), chosen
    edits += tuple(places.between(file, p.node, p.last, texts[p]) for p in keyword_only)
    return Fix(False, edits, note, needed)


def _nodes(parameters: list[Parameter]) -> set[ast.arg]:
    return {parameter.node for parameter in parameters}


def _text(file: ReviewedFile, parameter: Parameter) -> str:
    text = places.source_text(file, parameter.node)
    if parameter.default is None:
        return text
    equals = " = " if parameter.node.annotation is not None else "="
    return f"{text}{equals}{places.source_text(file, parameter.default)}"


def _may_be_ordered(
    file: ReviewedFile,
    function: FunctionNode,
    every: list[Parameter],
    order: list[Parameter],
    staying: set[ast.arg],
) -> bool:
    """Tell whether the parameters of a function may change their order.

    Dependencies run in the order of the parameters: those that stay as they are must
    not be overtaken. Comments cannot be told to which parameter they belong.
    """
    if function.args.posonlyargs or staying:
        return False
    moved = [old for old, new in zip(every, order, strict=True) if old is not new]
    first = moved[0].node.lineno
    last = getattr(moved[-1].last, "end_lineno", first) or first
    return not any("#" in line for line in file.lines[first - 1 : last])
