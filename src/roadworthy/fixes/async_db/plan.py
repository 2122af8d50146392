"""The migration of a synchronous service to an asynchronous database, as one rewriting."""

from __future__ import annotations

import ast
from collections.abc import Iterable

from roadworthy.findings import Edit, Fix, Import
from roadworthy.fixes import edits
from roadworthy.fixes.async_db import reload
from roadworthy.fixes.async_db.colour import Colours
from roadworthy.fixes.async_db.engines import Engines
from roadworthy.fixes.async_db.injected import Injected
from roadworthy.fixes.async_db.late import Late
from roadworthy.fixes.async_db.operations import Obstacle, last
from roadworthy.fixes.async_db.patch import Patch
from roadworthy.fixes.async_db.queries import Queries
from roadworthy.fixes.async_db.relations import Relations
from roadworthy.fixes.async_db.responses import Responses
from roadworthy.fixes.async_db.rewrite import Rewriter
from roadworthy.fixes.async_db.startup import Startup
from roadworthy.fixes.async_db.suite import Suite, needs_async_clients
from roadworthy.fixes.async_db.twins import Twins
from roadworthy.fixes.async_db.values import Values
from roadworthy.fixes.lay import Left, Proposal, Rewriting
from roadworthy.rules.files import ReviewedFile
from roadworthy.rules.review import Review

NOTE = (
    "handlers and all that asks the database become asynchronous: they run on the event "
    "loop instead of in threads, and objects keep their values after a commit"
)
_MIGRATIONS = frozenset({"alembic", "migrations"})


def migrate(review: Review) -> Rewriting:
    """Propose the edits that make a service's database access asynchronous.

    All edits belong together: half of them would leave a service that cannot run. What
    cannot be converted is listed, with the reason.
    """
    for file in review.all_files:
        review.loaded(file)
    files = tuple(f for f in review.all_files if f.source and not _is_migration(f))
    others = tuple(f for f in review.all_files if f.source and _is_migration(f))
    values = Values(review)
    if not _is_synchronous(values, files):
        return Rewriting(())
    queries = Queries(values)
    late = Late(review, values, files)
    colours = Colours(review, values, queries, files, late, clients=False)
    colouring = colours.colour()
    if not any(_makes_sessions(values, colours, file) for file in files):
        return Rewriting(())
    if needs_async_clients(values, colouring):
        colours = Colours(review, values, queries, files, late, clients=True)
        colouring = colours.colour()
    patches = {f: Patch(f, f.source) for f in files if f.source is not None}
    installed = review.library_folders
    twins = Twins(values, colours.keeper, patches)
    twins.keep_files(others)
    engines = Engines(
        values,
        patches,
        others,
        review.settings.folder,
        installed,
        colours.in_sync_zone,
        twins.is_engine,
    )
    client = _client(engines, installed)
    engine = _application_engine(values, patches)
    rewriter = Rewriter(values, colours, colouring, patches, client, engine, twins)
    rewriter.write()
    _query_properties(values, patches)
    injected = Injected(values, colouring, patches)
    injected.write()
    responses = Responses(review, colouring, patches, rewriter.islands)
    responses.write()
    twins.write()
    engines.write()
    startup = Startup(values, colouring, patches, engine)
    startup.write()
    relations = Relations(
        values,
        patches,
        late,
        returning=not any(s.startswith("mysql") for s in engines.schemes),
    )
    relations.write()
    relations.undefer(colours.entries)
    reload.write(values, colouring, patches, relations)
    suite = Suite(values, colours, colouring, patches, startup, client)
    suite.write(engines)
    for file in others:
        twins.rename(file, file.tree)
    found: list[Edit] = []
    imports: list[Import] = []
    for file, patch in patches.items():
        if patch.is_empty:
            continue
        path = file.relative
        found.extend(edits.between(path, patch.source.text, patch.text()))
        imports.extend(Import(path, statement) for statement in patch.imports)
    if not found:
        return Rewriting(())
    keeps = bool(colouring.keeping.definitions) or any(
        "sqlalchemy" in (f.source.text if f.source else "") for f in others
    )
    found.extend(engines.requirement_edits(keeps))
    obstacles = [
        *colouring.obstacles,
        *engines.obstacles,
        *twins.obstacles,
        *injected.obstacles,
        *responses.obstacles,
        *startup.obstacles,
        *relations.obstacles,
        *suite.obstacles,
    ]
    fix = Fix(safe=False, edits=tuple(found), note=NOTE, imports=tuple(imports))
    proposal = Proposal(fix, (), title="asynchronous database", reveals=("RW",))
    return Rewriting((proposal,), tuple(dict.fromkeys(_left(obstacles))))


def _is_migration(file: ReviewedFile) -> bool:
    return not _MIGRATIONS.isdisjoint(file.relative.split("/")[:-1])


def _is_synchronous(values: Values, files: Iterable[ReviewedFile]) -> bool:
    """Whether the project has a synchronous session or engine at all."""
    for file in files:
        if not file.mentions("sqlalchemy", "sqlmodel"):
            continue
        for call in file.nodes(ast.Call):
            if _makes_session(values, file, call):
                return True
    return False


def _query_properties(values: Values, patches: dict[ReviewedFile, Patch]) -> None:
    """Take query properties out: asynchronous sessions have none."""
    for found in values.attributes.properties:
        patch = patches.get(found.file)
        if patch is None:
            continue
        start, end = patch.span(found.statement)
        text = patch.source.text
        block = getattr(found.file.parent(found.statement), "body", ())
        if len(block) == 1:
            patch.replace(found.statement, "pass")
            continue
        begin = text.rfind("\n", 0, start) + 1
        following = text.find("\n", end)
        patch.replace_span(begin, len(text) if following < 0 else following + 1, "")


def _makes_sessions(values: Values, colours: Colours, file: ReviewedFile) -> bool:
    """Whether a file makes a synchronous engine or session that is not meant to stay."""
    return any(
        _makes_session(values, file, call) and not colours.in_sync_zone(file, call)
        for call in file.nodes(ast.Call)
    )


def _makes_session(values: Values, file: ReviewedFile, call: ast.Call) -> bool:
    """Whether a call makes a synchronous engine or session.

    The session of an object is none: an asynchronous session has it inside.
    """
    return (
        isinstance(call.func, (ast.Name, ast.Attribute))
        and last(call.func) != "object_session"
        and values.kind(file, call) in ("engine", "factory", "registry", "session")
    )


def _application_engine(
    values: Values, files: Iterable[ReviewedFile]
) -> tuple[ReviewedFile, str] | None:
    """Return the one engine that a module of the application makes, and its name."""
    found = [
        (file, target.id)
        for file in files
        if values.review.is_application_file(file)
        for statement in file.tree.body
        if isinstance(statement, ast.Assign) and len(statement.targets) == 1
        for target in statement.targets
        if isinstance(target, ast.Name)
        and isinstance(statement.value, ast.Call)
        and values.kind(file, statement.value) == "engine"
    ]
    return found[0] if len(found) == 1 else None


def _client(engines: Engines, installed: Iterable[object]) -> str:
    """Return the HTTP client library that the tests can use."""
    from pathlib import Path

    if "httpx" in engines.names:
        return "httpx"
    folders = [folder for folder in installed if isinstance(folder, Path)]
    for name in ("httpx", "httpx2"):
        if any((folder / name).is_dir() for folder in folders):
            return name
    return "httpx"


def _left(obstacles: Iterable[Obstacle]) -> Iterable[Left]:
    for obstacle in obstacles:
        yield Left(
            obstacle.file.relative,
            getattr(obstacle.node, "lineno", 1),
            obstacle.reason,
        )
