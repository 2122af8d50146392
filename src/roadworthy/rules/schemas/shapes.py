"""What a route's request and response look like, as far as their types tell."""

from __future__ import annotations

from collections.abc import Iterator

from roadworthy.app.model import Router
from roadworthy.rules import kinds
from roadworthy.rules.handlers import Handler
from roadworthy.rules.review import Review
from roadworthy.values.atoms import (
    ANY,
    NONE,
    Atom,
    Const,
    Mapping,
    Sequence,
    Value,
)

_BODILESS = (204, 205, 304)


def is_untyped(atom: Atom) -> bool:
    """Whether a type says nothing of the data: `Any`, `dict`, `list[dict]`, …"""
    if kinds.is_any_type(atom):
        return True
    arguments = kinds.type_arguments(atom)
    if kinds.is_dict_type(atom):
        return len(arguments) < 2 or _is_untyped_value(arguments[1])
    if kinds.is_list_type(atom):
        return not arguments or _is_untyped_value(arguments[0])
    return False


def _is_untyped_value(types: Value) -> bool:
    if ANY in types:
        return False
    plain = kinds.plain_types(types)
    return bool(plain) and all(is_untyped(atom) for atom in plain)


def schema_types(review: Review, handler: Handler) -> Value | None:
    """Return the types of the response schema; None if the route declares none.

    `response_model=None` gives the value of None.
    """
    given = handler.option("response_model")
    if given is not None:
        return given
    types = review.returned_types(handler.function)
    return types or None


def has_body(handler: Handler) -> bool:
    """Whether the response may have a body, by its status code."""
    status = handler.option("status_code")
    for atom in status or ():
        if isinstance(atom, Const) and atom.value in _BODILESS:
            return False
        path = kinds.path_of(atom) or ""
        if any(
            f"HTTP_{code}_" in path or path.endswith(f".{name}")
            for code, name in (
                (204, "NO_CONTENT"),
                (205, "RESET_CONTENT"),
                (304, "NOT_MODIFIED"),
            )
        ):
            return False
    return True


def options(handler: Handler, name: str) -> Iterator[Value]:
    """Yield what the decorator, the routers and the inclusions give for a keyword."""
    own = handler.option(name)
    if own is not None:
        yield own
    for route in handler.routes[:1]:
        for router in route.chain:
            value = router.arguments.keywords.get(name)
            if value is not None:
                yield value
        for outer, inner in zip(route.chain, route.chain[1:], strict=False):
            given = _inclusions(outer, inner, name)
            if given and all(value is not None for value in given):
                yield given[0] or NONE


def _inclusions(outer: Router, inner: Router, name: str) -> list[Value | None]:
    return [
        inclusion.arguments.keywords.get(name)
        for inclusion in outer.inclusions
        if inclusion.child is inner
    ]


def is_in_schema(handler: Handler) -> bool:
    """Whether the route is part of the OpenAPI schema."""
    return not any(
        kinds.is_false(value) for value in options(handler, "include_in_schema")
    )


def answers_json(handler: Handler) -> bool:
    """Whether the response class is JSON, as far as it is told at any level."""
    given = [
        *options(handler, "response_class"),
        *options(handler, "default_response_class"),
    ]
    for value in given[:1]:
        return kinds.any_is(value, kinds.is_json_response)
    return True


def is_of_fastapi(handler: Handler) -> bool:
    """Whether FastAPI (and not Starlette) made the route, with its schemas."""
    return all(route.chain[-1].path.startswith("fastapi.") for route in handler.routes)


def returned(review: Review, handler: Handler) -> Value:
    """Return what the handler returns, as far as the run has seen."""
    return review.returned(handler.atom.function)


def parts(value: Value, depth: int = 0) -> Iterator[Atom]:
    """Yield the atoms of a value and of the containers in it."""
    if depth > 4:
        return
    for atom in value:
        yield atom
        if isinstance(atom, Sequence):
            for item in atom.items or ():
                yield from parts(item, depth + 1)
            yield from parts(atom.element, depth + 1)
        elif isinstance(atom, Mapping):
            for _, item in atom.items or ():
                yield from parts(item, depth + 1)
            yield from parts(atom.element, depth + 1)
