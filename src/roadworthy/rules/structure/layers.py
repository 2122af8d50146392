"""Which modules belong to the router layer, and which to the layers below."""

from __future__ import annotations

from typing import TYPE_CHECKING

from roadworthy.rules import kinds
from roadworthy.rules.files import ReviewedFile
from roadworthy.rules.structure.modules import applications, routing_files
from roadworthy.values.atoms import ClassAtom, intern

if TYPE_CHECKING:
    from roadworthy.rules.review import Review

_DATA_WORDS = """
    models model schemas schema crud db database databases repositories repository
    repos repo dao entities entity tables dto dtos
    """
_DATA = frozenset(_DATA_WORDS.split())
_DEPENDENCIES = frozenset(
    {"deps", "dependencies", "dependency", "dep", "depends", "dependecies"}
)


def router_layer(review: Review) -> frozenset[ReviewedFile]:
    """Return the modules that declare routes, and the dependencies modules beside them."""
    routing = routing_files(review)
    folders = {file.relative.rpartition("/")[0] for file in routing}
    providers: set[ReviewedFile] = set()
    for handler in review.handlers():
        for route in handler.routes:
            for use in review.dependencies(route):
                for function in use.functions:
                    file = review.file_of(function.function.module)
                    if file is not None:
                        providers.add(file)
    found = set(routing)
    for file in providers:
        parts = file.relative.removesuffix(".py").split("/")
        if parts[-1] not in _DEPENDENCIES:
            # `dependencies/users.py` stands beside the routers as the package does.
            parts.pop()
        if not parts or parts[-1] not in _DEPENDENCIES:
            continue
        folder = "/".join(parts[:-1])
        if any(
            other == folder or not folder or other.startswith(f"{folder}/")
            for other in folders
        ):
            found.add(file)
    return frozenset(found)


def is_data_layer(review: Review, file: ReviewedFile) -> bool:
    """Whether a module holds models, schemas, data access or the database itself."""
    parts = file.relative.removesuffix(".py").split("/")
    if parts[-1] == "__init__":
        parts.pop()
    # The module's own name, or that of the package it is in.
    if not _DATA.isdisjoint(parts[-2:]):
        return True
    return any(
        kinds.is_table_model(intern(ClassAtom, cls, ()))
        for _, cls in review.classes(file)
    )


def assembling_files(review: Review) -> frozenset[ReviewedFile]:
    """Return the files that create an application or include routers."""
    found = {file for _, file in applications(review)}
    for router in review.application.routers:
        for inclusion in router.inclusions:
            file = review.file_of(inclusion.place.module)
            if file is not None:
                found.add(file)
    return frozenset(found)
