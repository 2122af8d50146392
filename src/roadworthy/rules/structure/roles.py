"""What each module of an application holds, and whether one can tell it from its place."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from roadworthy.rules import kinds
from roadworthy.rules.files import ReviewedFile
from roadworthy.rules.structure.modules import routing_files
from roadworthy.rules.structure.queries import builds
from roadworthy.values.atoms import ClassAtom, intern

if TYPE_CHECKING:
    from roadworthy.rules.review import Review

PLACES = {
    "routers": "api/",
    "configuration": "core/config.py",
    "database": "db/session.py",
    "models": "models/",
    "schemas": "schemas/",
    "data access": "crud/",
}
"""Where each kind of module belongs in the usual layout."""

_NAMES = {
    "routers": """
        api apis router routers route routes routing endpoint endpoints view views
        controller controllers handler handlers resource resources web rest server http
    """,
    "configuration": """
        config configs configuration conf cfg setting settings env environment constants
    """,
    "database": """
        db database databases session sessions engine persistence storage sql postgres
        postgresql mysql sqlite mongo mongodb orm
    """,
    "models": "model models entity entities table tables orm domain db database",
    "schemas": """
        schema schemas dto dtos model models type types request requests response
        responses form forms domain entities contracts payloads
    """,
    "data access": """
        crud repository repositories repo repos dao dal query queries service services
        store stores manager managers gateway gateways adapter adapters usecases
        use_cases db database models persistence storage selectors
    """,
}
_CONVENTIONAL = {role: frozenset(names.split()) for role, names in _NAMES.items()}
_ENGINES = frozenset(
    {
        "sqlalchemy.create_engine",
        "sqlmodel.create_engine",
        "sqlalchemy.ext.asyncio.create_async_engine",
        "sqlalchemy.orm.sessionmaker",
        "sqlalchemy.ext.asyncio.async_sessionmaker",
        "asyncpg.create_pool",
        "motor.motor_asyncio.AsyncIOMotorClient",
        "pymongo.AsyncMongoClient",
        "pymongo.MongoClient",
    }
)
_MAKERS = frozenset(name.rpartition(".")[2] for name in _ENGINES)


def roles(
    review: Review, files: list[ReviewedFile]
) -> dict[str, dict[ReviewedFile, int]]:
    """Return, by role, the files that play it, and how often."""
    found: dict[str, dict[ReviewedFile, int]] = {role: {} for role in PLACES}

    def note(role: str, file: ReviewedFile) -> None:
        found[role][file] = found[role].get(file, 0) + 1

    for file in routing_files(review):
        if file in files:
            note("routers", file)
    for file in files:
        for _, cls in review.classes(file):
            atom = intern(ClassAtom, cls, ())
            if kinds.is_settings(atom):
                note("configuration", file)
            elif kinds.is_table_model(atom):
                note("models", file)
            elif kinds.is_model(atom):
                note("schemas", file)
        for call in file.nodes(ast.Call):
            name = getattr(call.func, "attr", getattr(call.func, "id", ""))
            if name in _MAKERS and not _ENGINES.isdisjoint(
                review.static_names(file, call)
            ):
                note("database", file)
            elif file.function_of(call) and builds(review, file, call):
                note("data access", file)
    return found


def is_recognisable(role: str, held: dict[ReviewedFile, int]) -> bool:
    """Whether some module of a role has a name, or is in a package, that tells it."""
    wanted = _CONVENTIONAL[role]
    for file in held:
        parts = file.relative.removesuffix(".py").lower().split("/")
        for part in parts:
            if part in wanted or not wanted.isdisjoint(part.split("_")):
                return True
    return False
