"""What adding a resource comes to: files to write and files to edit, all or none."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from roadworthy.scaffold import edits
from roadworthy.scaffold.edits import Source
from roadworthy.scaffold.errors import ScaffoldError
from roadworthy.scaffold.layout import Layout, next_revision
from roadworthy.scaffold.render import (
    crud,
    factory,
    migration,
    model,
    router,
    schemas,
    service,
    tests,
    values,
)
from roadworthy.scaffold.render.source import Style
from roadworthy.scaffold.resource import Resource


@dataclass(frozen=True, slots=True)
class Change:
    """A file, relative to the project: what it held (None: it was absent), will hold."""

    path: str
    before: bytes | None
    after: bytes


def changes(resource: Resource, layout: Layout, style: Style) -> tuple[Change, ...]:
    """Return what has to change for the project to have the resource; nothing if it has.

    Raises:
        ScaffoldError: a file of the resource is there and holds something else, or a
            file that has to be edited lacks the place for it. Nothing is to be changed
            then; the message names the files.
    """
    found = []
    other = []
    for path, text in _files(resource, layout, style).items():
        before = _read(layout.root / path)
        after = text.encode()
        if before is None:
            found.append(Change(path, None, after))
        elif before.replace(b"\r\n", b"\n") != after:
            if path == values.PATH and _has_values(before):
                continue  # shared by all resources, and the project's own to change
            if path == values.TESTS:
                continue
            other.append(path)
    if other:
        raise ScaffoldError(
            f"`{resource.names.singular}` is there already, and differs from what this "
            f"command would write, in {', '.join(other)}. Nothing was changed. Change "
            "it by hand, with a migration for its table; or delete its files and "
            "migration, if that has not been applied, and run the command again"
        )
    return (*found, *_edited(resource, layout, style))


def apply(changes: Iterable[Change], root: Path) -> None:
    """Make the changes, all of them; what was there is back if one fails.

    Raises:
        ScaffoldError: a file could not be written.
    """
    done: list[Change] = []
    try:
        for change in changes:
            done.append(change)
            _write(root / change.path, change.after)
    except OSError as error:
        for change in reversed(done):
            with contextlib.suppress(OSError):
                if change.before is None:
                    (root / change.path).unlink(missing_ok=True)
                else:
                    _write(root / change.path, change.before)
        shown = getattr(error, "filename", None) or done[-1].path
        raise ScaffoldError(
            f"{shown} cannot be written: {error.strerror or error}; nothing was changed"
        ) from error


def _files(resource: Resource, layout: Layout, style: Style) -> dict[str, str]:
    """Return the files that are the resource's alone, and those that resources share."""
    name, many = resource.names.singular, resource.names.plural
    found = {
        f"app/models/{name}.py": model.render(resource, style),
        f"app/schemas/{name}.py": schemas.render(resource, style),
        f"app/crud/{name}.py": crud.render(resource, style),
        f"app/services/{name}.py": service.render(resource, style),
        f"app/api/v1/{many}.py": router.render(resource, style),
        f"tests/api/test_{many}.py": tests.render(resource, style),
    }
    if values.needed(resource):
        found[values.PATH] = values.render(style)
        found[values.TESTS] = values.render_tests(style)
    path, text = _migration(resource, layout, style)
    return {**found, path: text}


def _migration(resource: Resource, layout: Layout, style: Style) -> tuple[str, str]:
    """Return the migration: the one there is for this table, or the next one."""
    ending = f"_create_{resource.names.plural}.py"
    for revision in layout.revisions:
        if revision.path.endswith("/" + revision.id + ending):
            follows = revision.follows[0] if revision.follows else None
            text = migration.render(resource, revision.id, follows, style)
            return revision.path, text
    head = layout.head()
    new = next_revision(head, resource.names.plural)
    if any(revision.id == new for revision in layout.revisions):
        raise ScaffoldError(
            f"there is a migration `{new}` already, which is not the last"
        )
    path = f"alembic/versions/{new}{ending}"
    return path, migration.render(resource, new, head, style)


def _edited(resource: Resource, layout: Layout, style: Style) -> list[Change]:
    """Return the edits that make the resource known to the project."""
    names = resource.names

    def models(source: Source) -> Source:
        module = f"app.models.{names.singular}"
        source = edits.add_import(source, module, names.pascal)
        return edits.add_to_all(source, names.pascal)

    def routers(source: Source) -> Source:
        source = edits.add_import(source, "app.api.v1", names.plural)
        router_ = f"{names.plural}.router"
        if edits.assigns(source, "ROUTERS"):
            return edits.add_to_tuple(source, "ROUTERS", router_)
        return edits.add_call(source, "include_router", router_)

    def scopes(source: Source) -> Source:
        allowed = router.scopes(resource)
        for scope, text in allowed.items():
            source = edits.add_to_dict(source, "SCOPES", scope, text)
        if not resource.owned:
            writing = f"{names.scope}:write"
            source = edits.add_to_set(source, "ADMIN_SCOPES", writing)
        return source

    def factories(source: Source) -> Source:
        edits.require(source, "numbers", "AsyncSession", "User")
        for module, name in factory.imports(resource):
            source = edits.add_import(source, module, name)
        function = f"make_{names.singular}"
        return edits.append(source, function, factory.render(resource, style))

    steps: dict[str, Callable[[Source], Source]] = {
        "app/models/__init__.py": models,
        "app/api/v1/__init__.py": routers,
        "app/core/scopes.py": scopes,
        "tests/factories.py": factories,
    }
    found = []
    for path, step in steps.items():
        before = (layout.root / path).read_bytes()
        after = step(Source(path, _decoded(path, before), style.width)).text.encode()
        if after != before:
            found.append(Change(path, before, after))
    return found


def _decoded(path: str, content: bytes) -> str:
    try:
        text = content.decode("utf-8")
        compile(text, path, "exec", dont_inherit=True, flags=0x400)  # parsed, not run
    except (UnicodeDecodeError, SyntaxError, ValueError) as error:
        raise ScaffoldError(f"{path} cannot be read as Python: {error}") from error
    return text


def _has_values(content: bytes) -> bool:
    return all(name.encode() in content for name in values.NAMES)


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise ScaffoldError(f"{path} cannot be read: {error.strerror}") from error


def _write(path: Path, content: bytes) -> None:
    """Write a file in one step, so that nobody ever finds half of it."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".roadworthy-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        mode = path.stat().st_mode if path.exists() else 0o666 & ~umask()
        Path(name).chmod(mode & 0o7777)
        Path(name).replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            Path(name).unlink()
        raise


def umask() -> int:
    """Return which permissions new files of this process do not have."""
    mask = os.umask(0)
    os.umask(mask)
    return mask
