"""What goes into and out of a route: the map beside the service's OpenAPI document.

Told of both, as sets of words, so that they can be compared:

* ``request``: the models of the body, or the names of its fields where it has several;
* ``response``: the models of the response, or what it is instead;
* ``schemes`` and ``scopes``: the security schemes, by class, and their scopes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Words = frozenset[str]
Document = Mapping[str, Any]

COLUMNS = ("request", "response", "schemes", "scopes")
_METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
_WORD = re.compile(r"[A-Za-z0-9]+")
_FIELDS = "fields:"
_NO_MODELS = frozenset(
    {"Iterator", "AsyncIterator", "Iterable", "AsyncIterable", "Generator"}
    | {
        "AsyncGenerator",
        "None",
        "Any",
        "Annotated",
        "Optional",
        "Union",
        "Literal",
        "True",
        "False",
    }
    | {"List", "Dict", "Set", "Tuple", "Sequence", "Mapping", "UUID", "Path"}
)
_UNTYPED = frozenset({"Any", "object"})


@dataclass(frozen=True, slots=True)
class Contents:
    """What one operation takes, gives and asks for."""

    request: Words
    response: Words
    schemes: Words
    scopes: Words


@dataclass(frozen=True, slots=True)
class Difference:
    """A column in which the map of a route is not what the service documents."""

    method: str
    path: str
    column: str
    mapped: Words
    documented: Words

    def __str__(self) -> str:
        mapped, documented = sorted(self.mapped), sorted(self.documented)
        return (
            f"{self.method} {self.path}: {self.column}: "
            f"{' '.join(mapped) or '-'} mapped, {' '.join(documented) or '-'} documented"
        )


# -- the document ------------------------------------------------------------------------


class _Reader:
    def __init__(self, schema: Document, classes: Mapping[str, list[str]]) -> None:
        components = schema.get("components", {})
        self.schemas: Document = components.get("schemas", {})
        self.classes = classes

    def operation(self, told: Document) -> Contents:
        security = told.get("security", ())
        return Contents(
            self.request(told),
            self.response(told),
            frozenset(
                self.classes.get(name, [name])[0] for use in security for name in use
            ),
            frozenset(scope for use in security for s in use.values() for scope in s),
        )

    def request(self, told: Document) -> Words:
        for content in told.get("requestBody", {}).get("content", {}).values():
            schema = content.get("schema", {})
            name = _name(schema)
            if name.startswith("Body_"):  # made by FastAPI, of several parameters
                fields = self.schemas[name].get("properties", {})
                return frozenset({_FIELDS, *fields})
            return frozenset(self.models(schema)) or frozenset({"body"})
        return frozenset()

    def response(self, told: Document) -> Words:
        for status, response in told.get("responses", {}).items():
            if not status.startswith("2"):
                continue
            content = response.get("content")
            if not content:
                return frozenset({"None"})
            media, given = next(iter(content.items()))
            if "json" not in media:
                return frozenset({"Response"})
            # A stream of lines is told by the schema of one.
            schema = given.get("schema") or given.get("itemSchema") or {}
            plain = {key for key in schema if key != "title"}
            if not plain:
                return frozenset()
            return frozenset(self.models(schema)) or frozenset({"plain"})
        return frozenset()

    def models(self, schema: Any) -> Iterator[str]:
        if isinstance(schema, dict):
            name = _name(schema)
            if name:
                yield from _model_words(name)
            for key, value in schema.items():
                if key != "discriminator":
                    yield from self.models(value)
        elif isinstance(schema, list):
            for value in schema:
                yield from self.models(value)


def _name(schema: Any) -> str:
    reference = schema.get("$ref", "")
    if not reference:
        for one in schema.get("allOf", ()):
            reference = one.get("$ref", "")
    return str(reference).rpartition("/")[2]


def _model_words(name: str) -> Iterator[str]:
    name = re.sub(r"-(Input|Output)(__\d+)?$", "", name)
    name = re.sub(r"^\w+?__(?=[A-Z])", "", name)  # of two models with one name
    yield from _WORD.findall(name.replace("_", " "))


def documented(
    schema: Document, classes: Mapping[str, list[str]]
) -> dict[tuple[str, str], Contents]:
    """Return the contents of each operation of an OpenAPI document."""
    reader = _Reader(schema, classes)
    return {
        (method.upper(), path): reader.operation(operation)
        for path, item in schema.get("paths", {}).items()
        for method, operation in item.items()
        if method in _METHODS
    }


# -- the map -----------------------------------------------------------------------------


def mapped(route: Document) -> Contents:
    """Return the contents of a route of the map, as JSON has it."""
    return Contents(
        _mapped_request(route["request"]),
        _mapped_response(route["response"]),
        frozenset(route["schemes"]),
        frozenset(route["scopes"]),
    )


def _mapped_request(parameters: list[str]) -> Words:
    if not parameters:
        return frozenset()
    names = {text.partition(":")[0] for text in parameters}
    types = " ".join(text.partition(":")[2] for text in parameters)
    return frozenset({_FIELDS, *names, *_words(types)})


def _mapped_response(text: str) -> Words:
    if not text or text in _UNTYPED:
        return frozenset()
    return frozenset(_words(text))


def _words(text: str) -> Iterator[str]:
    yield from _WORD.findall(text.replace("_", " "))


# -- beside each other -------------------------------------------------------------------


def differences(
    on_map: Mapping[tuple[str, str], Iterable[Contents]],
    in_document: Mapping[tuple[str, str], Contents],
) -> Iterator[Difference]:
    """Yield what differs in the routes that are in both.

    A path that two routes of the map share has the one that fits better.
    """
    for key, told in sorted(in_document.items()):
        candidates = [list(_of_route(key, one, told)) for one in on_map.get(key, ())]
        if candidates:
            yield from min(candidates, key=len)


def _of_route(
    key: tuple[str, str], one: Contents, told: Contents
) -> Iterator[Difference]:
    for column, agree in (
        ("request", _same_request(one.request, told.request)),
        ("response", _same_response(one.response, told.response)),
        ("schemes", one.schemes == told.schemes),
        ("scopes", one.scopes == told.scopes),
    ):
        if not agree:
            yield Difference(*key, column, getattr(one, column), getattr(told, column))


def _same_request(one: Words, told: Words) -> bool:
    if not one or not told:
        return not one and not told
    return told == {"body"} or told <= one


def _same_response(one: Words, told: Words) -> bool:
    if any(word.endswith("Response") for word in one):
        # Declared as a response, it is documented as JSON of any kind, or as nothing.
        return told in (frozenset(), {"None"}, {"Response"}, {"plain"}) or told <= one
    if one == {"None"}:
        return not told or told == {"None"}
    if told == {"plain"} or not told:
        return bool(one) is bool(told)
    # Of builtin types the document says other words: only the models are compared.
    return told == frozenset(word for word in one if word in told) and not (
        {word for word in one if word[:1].isupper()} - told - _NO_MODELS
    )
