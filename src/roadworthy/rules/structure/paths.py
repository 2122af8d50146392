"""Routes in the order in which requests are matched, with all that is known of a path."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from roadworthy.app.model import Inclusion, Place, RouteDeclaration, Router
from roadworthy.values.atoms import Const, Value
from roadworthy.values.calls import Arguments

if TYPE_CHECKING:
    from roadworthy.rules.files import ReviewedFile
    from roadworthy.rules.review import Review

_DEEPEST = 12
_PARAMETER = re.compile(r"\{([a-zA-Z_][a-zA-Z0-9_]*)(?::([a-zA-Z_][a-zA-Z0-9_]*))?\}")
_EXAMPLES = {
    "int": re.compile(r"[0-9]+"),
    "float": re.compile(r"[0-9]+(\.[0-9]+)?"),
    "uuid": re.compile(
        r"[0-9a-fA-F]{8}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{12}"
    ),
}
_UNKNOWN = "\0"
"""Begins what stands in a path for a prefix that cannot be told."""


@dataclass(frozen=True, slots=True, eq=False)
class MatchedRoute:
    """A route as an application matches it."""

    declaration: RouteDeclaration
    path: str
    """Full path below the application; unknown prefixes are marks, equal if the same."""
    steps: tuple[Place, ...]
    """Where it comes from: the inclusions from the application down, the declaration."""
    routers: tuple[Router, ...]
    """The router to which each of the steps adds something."""
    arguments: tuple[Arguments, ...]
    """What is given to the routers and inclusions on the way, and to the decorator."""

    @property
    def methods(self) -> tuple[str, ...]:
        """In capitals; `WEBSOCKET` for a websocket."""
        if self.declaration.kind == "websocket":
            return ("WEBSOCKET",)
        return self.declaration.methods


def known_text(value: Value | None) -> str | None:
    """Return the text that a value is; None where it may be anything else."""
    if value and len(value) == 1 and isinstance(value[0], Const):
        if isinstance(value[0].value, str):
            return value[0].value
    return None


def matched_routes(
    router: Router,
    prefix: str = "",
    steps: tuple[Place, ...] = (),
    routers: tuple[Router, ...] = (),
    arguments: tuple[Arguments, ...] = (),
) -> Iterator[MatchedRoute]:
    """Yield a router's routes and those of the routers in it, in order of matching.

    Applications and routers that are mounted match their routes on their own and are
    left out, and so are routes whose own path cannot be told.
    """
    if router in routers or len(routers) > _DEEPEST:
        return
    routers = (*routers, router)
    arguments = (*arguments, router.arguments)
    own = router.arguments.keywords.get("prefix")
    prefix += router.prefix if own is None or router.prefix else _part(own, router)
    for item in router.order:
        if isinstance(item, Inclusion):
            if not item.mounted:
                given = item.arguments.keywords.get("prefix")
                yield from matched_routes(
                    item.child,
                    prefix + _part(given, item),
                    (*steps, item.place),
                    routers,
                    (*arguments, item.arguments),
                )
            continue
        path = known_text(item.arguments.get(0, "path"))
        if path is not None:
            yield MatchedRoute(
                item,
                prefix + path,
                (*steps, item.place),
                routers,
                (*arguments, item.arguments),
            )


def groups(review: Review) -> Iterator[list[MatchedRoute]]:
    """Yield the routes of each application (or router that stands alone), in order."""
    seen: set[Router] = set()
    for route in review.routes:
        top = route.application
        if top not in seen:
            seen.add(top)
            yield [
                matched
                for matched in matched_routes(top)
                if _is_reviewed(review, matched.declaration)
            ]


def _is_reviewed(review: Review, declaration: RouteDeclaration) -> bool:
    file = review.file_of(declaration.place.module)
    return file is not None and review.is_application_file(file)


def _part(prefix: Value | None, of: object) -> str:
    if prefix is None:
        return ""
    text = known_text(prefix)
    return text if text is not None else f"/{_UNKNOWN}{id(of)}"


def is_told(path: str) -> bool:
    """Whether every prefix of a path is known."""
    return _UNKNOWN not in path


def readable(path: str) -> str:
    """Return a path as a message shows it."""
    return re.sub(rf"/?{_UNKNOWN}\d+", "…", path)


def covers(earlier: str, later: str) -> bool:
    """Whether every request that matches one path matches the other: both may be equal.

    A parameter takes any text up to the next slash; `{x:int}` and the like take less,
    `{x:path}` takes the rest.
    """
    return _covers(earlier.split("/"), later.split("/"))


def _covers(earlier: list[str], later: list[str]) -> bool:
    for index, part in enumerate(earlier):
        match = _PARAMETER.fullmatch(part)
        if match is not None and match[2] == "path":
            return index == len(earlier) - 1 and len(later) > index
        if index >= len(later) or not _covers_part(part, later[index]):
            return False
    return len(earlier) == len(later)


def _covers_part(earlier: str, later: str) -> bool:
    if earlier == later:
        return True
    one, other = _PARAMETER.fullmatch(earlier), _PARAMETER.fullmatch(later)
    if one is None:
        return False
    convertor = one[2] or "str"
    if convertor == "str":
        # A `{x:path}` in the later path takes slashes, which this does not.
        return bool(later) and _UNKNOWN not in later and ":path}" not in later
    if other is not None:
        wanted = other[2] or "str"
        return wanted == convertor or (convertor == "float" and wanted == "int")
    example = _EXAMPLES.get(convertor)
    return example is not None and example.fullmatch(later) is not None


def may_both_exist(review: Review, one: MatchedRoute, other: MatchedRoute) -> bool:
    """Whether two routes are surely declared together, in the order in which they came.

    They are not where the code that sets them apart stands under conditions, or in
    different modules, whose order of execution is not known.
    """
    for index, (left, right) in enumerate(zip(one.steps, other.steps, strict=False)):
        if left == right:
            continue
        if one.routers[index] is not other.routers[index]:
            return False
        if left.module is not right.module:
            return False
        file = review.file_of(left.module)
        return file is not None and _conditions(file, left) == _conditions(file, right)
    return False


def _conditions(file: ReviewedFile, place: Place) -> list[tuple[ast.AST, str]]:
    """Return the branches in which a place stands."""
    found: list[tuple[ast.AST, str]] = []
    node = _statement_at(file, place)
    if node is None:
        return found
    child: ast.AST = node
    for parent in file.ancestors(node):
        if isinstance(parent, (ast.If, ast.Try, ast.Match, ast.match_case)):
            for name, value in ast.iter_fields(parent):
                if value is child or (isinstance(value, list) and child in value):
                    found.append((parent, name))
        child = parent
    return found


def _statement_at(file: ReviewedFile, place: Place) -> ast.stmt | None:
    line = place.position.line
    best: ast.stmt | None = None
    kinds = (ast.Expr, ast.Assign, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    for node in file.nodes(*kinds):
        assert isinstance(node, ast.stmt)
        first = node.lineno
        for decorator in getattr(node, "decorator_list", ()):
            first = min(first, decorator.lineno)
        if first <= line <= (node.end_lineno or node.lineno):
            best = node
        elif first > line and best is not None and node.lineno > line:
            break
    return best


__all__ = [
    "MatchedRoute",
    "covers",
    "groups",
    "is_told",
    "known_text",
    "matched_routes",
    "may_both_exist",
    "readable",
]
