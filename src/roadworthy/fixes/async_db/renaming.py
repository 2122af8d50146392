"""The synchronous classes and factories, and the asynchronous ones that replace them."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from roadworthy.fixes.async_db.colour import Colours
from roadworthy.fixes.async_db.islands import Islands
from roadworthy.fixes.async_db.layout import add_argument
from roadworthy.fixes.async_db.operations import Colouring, last
from roadworthy.fixes.async_db.patch import Patch
from roadworthy.fixes.async_db.twins import Twins
from roadworthy.fixes.async_db.values import Values, parameters
from roadworthy.rules.files import ReviewedFile
from roadworthy.values.atoms import ClassAtom, External, Wrapped

SQLALCHEMY = "from sqlalchemy.ext.asyncio import "
RENAMED: dict[str, tuple[str, str]] = {
    "sqlalchemy.orm.Session": ("AsyncSession", SQLALCHEMY + "AsyncSession"),
    "sqlalchemy.orm.session.Session": ("AsyncSession", SQLALCHEMY + "AsyncSession"),
    "sqlmodel.Session": (
        "AsyncSession",
        "from sqlmodel.ext.asyncio.session import AsyncSession",
    ),
    "sqlmodel.orm.session.Session": (
        "AsyncSession",
        "from sqlmodel.ext.asyncio.session import AsyncSession",
    ),
    "sqlalchemy.orm.sessionmaker": (
        "async_sessionmaker",
        SQLALCHEMY + "async_sessionmaker",
    ),
    "sqlalchemy.orm.scoped_session": (
        "async_scoped_session",
        SQLALCHEMY + "async_scoped_session",
    ),
    "sqlalchemy.create_engine": (
        "create_async_engine",
        SQLALCHEMY + "create_async_engine",
    ),
    "sqlalchemy.engine.create_engine": (
        "create_async_engine",
        SQLALCHEMY + "create_async_engine",
    ),
    "sqlmodel.create_engine": (
        "create_async_engine",
        SQLALCHEMY + "create_async_engine",
    ),
    "sqlalchemy.engine_from_config": (
        "async_engine_from_config",
        SQLALCHEMY + "async_engine_from_config",
    ),
    "sqlalchemy.Engine": ("AsyncEngine", SQLALCHEMY + "AsyncEngine"),
    "sqlalchemy.engine.Engine": ("AsyncEngine", SQLALCHEMY + "AsyncEngine"),
    "sqlalchemy.engine.base.Engine": ("AsyncEngine", SQLALCHEMY + "AsyncEngine"),
    "sqlalchemy.Connection": ("AsyncConnection", SQLALCHEMY + "AsyncConnection"),
    "sqlalchemy.engine.Connection": (
        "AsyncConnection",
        SQLALCHEMY + "AsyncConnection",
    ),
    "sqlalchemy.orm.SessionTransaction": (
        "AsyncSessionTransaction",
        SQLALCHEMY + "AsyncSessionTransaction",
    ),
    "sqlalchemy.orm.object_session": (
        "async_object_session",
        SQLALCHEMY + "async_object_session",
    ),
    "sqlalchemy.orm.Query": ("Select", "from sqlalchemy import Select"),
    "sqlalchemy.orm.query.Query": ("Select", "from sqlalchemy import Select"),
}
"""What the synchronous classes and factories become."""

_CLIENTS = frozenset(
    {"fastapi.testclient.TestClient", "starlette.testclient.TestClient"}
)


class Renamer:
    """Writes the new names, and what they are called with."""

    def __init__(
        self,
        values: Values,
        colours: Colours,
        colouring: Colouring,
        islands: Islands,
        twins: Twins,
        client: str,
    ) -> None:
        self.values = values
        self.review = values.review
        self.colours = colours
        self.colouring = colouring
        self.islands = islands
        self.twins = twins
        self.client = client
        """The module of the asynchronous HTTP client: ``httpx`` or ``httpx2``."""

    def write(self, file: ReviewedFile, patch: Patch) -> None:
        """Write the names, the sessions' arguments and the listeners of a file."""
        self._names(file, patch)
        self._sessions(file, patch)
        self._listeners(file, patch)
        for engine in self.colours.handed.instrumented(file):
            patch.wrap(engine, "", ".sync_engine")

    # -- names -----------------------------------------------------------------------

    def _names(self, file: ReviewedFile, patch: Patch) -> None:
        """Replace the synchronous classes and factories by the asynchronous ones."""
        for node in file.nodes(ast.Name, ast.Attribute):
            if not isinstance(getattr(node, "ctx", None), ast.Load):
                continue
            path = self._path(file, node)
            if path is None:
                self._own_session_class(file, patch, node)
                continue
            if self._stays(file, node):
                continue
            if path in _CLIENTS:
                if self.colours.clients and not isinstance(file.parent(node), ast.Call):
                    patch.replace(node, "AsyncClient")
                    patch.need(f"from {self.client} import AsyncClient")
                continue
            name, statement = RENAMED[path]
            patch.replace(node, name)
            self._import(file, patch, node, statement)
        self._quoted(file, patch)

    def _own_session_class(
        self, file: ReviewedFile, patch: Patch, node: ast.expr
    ) -> None:
        """Replace a session class of the project where it stands for its instances.

        The class itself stays synchronous: the asynchronous session makes one of it.
        """
        owned = self.values.session_classes()
        if not owned or self._stays(file, node):
            return
        for atom in self.review.static(file, node) or ():
            if not isinstance(atom, ClassAtom) or atom.cls not in owned:
                continue
            name, statement = RENAMED[owned[atom.cls]]
            parent = file.parent(node)
            if isinstance(parent, ast.keyword) and parent.arg == "class_":
                start, _ = patch.span(parent)
                patch.replace_span(start, start + len("class_"), "sync_session_class")
                return
            if isinstance(parent, ast.Call) and parent.func is node:
                add_argument(
                    patch, parent, f"sync_session_class={patch.original(node)}"
                )
                self._keyword(patch, parent, "expire_on_commit", "False")
            patch.replace(node, name)
            patch.need(statement)
            return

    def _import(
        self, file: ReviewedFile, patch: Patch, node: ast.expr, statement: str
    ) -> None:
        """Import a class where the one that it replaces is imported."""
        known = isinstance(node, ast.Name) and _checking_import(file, node.id)
        if not known:
            patch.need(statement)
            return
        start, end = patch.span(known)
        space = " " * (start - (patch.source.text.rfind("\n", 0, start) + 1))
        text = f"\n{space}{statement}"
        if not any(c.start == end and c.text == text for c in patch.changes):
            patch.insert(end, text)

    def _path(self, file: ReviewedFile, node: ast.expr) -> str | None:
        static = self.review.static(file, node)
        for atom in static or ():
            if isinstance(atom, Wrapped) and atom.kind == "subscript" and atom.value:
                continue
            if isinstance(atom, External) and (
                atom.path in RENAMED or atom.path in _CLIENTS
            ):
                return atom.path
        return None

    def _stays(self, file: ReviewedFile, node: ast.expr) -> bool:
        if self.colours.in_sync_zone(file, node):
            return True
        parent = file.parent(node)
        if isinstance(parent, ast.ClassDef):
            return True
        if isinstance(parent, ast.Attribute):
            return False
        if last(node) == "object_session":
            return self.islands.is_inside(file, node)
        return isinstance(parent, ast.Call) and last(parent.func) in (
            "listens_for",
            "listen",
        )

    def _quoted(self, file: ReviewedFile, patch: Patch) -> None:
        """Replace the classes in annotations that are texts."""
        known: dict[str, str] = {}
        for imported in file.nodes(ast.ImportFrom):
            for alias in imported.names:
                path = f"{imported.module}.{alias.name}"
                if path in RENAMED or (path in _CLIENTS and self.colours.clients):
                    known[alias.asname or alias.name] = path
        if not known:
            return
        for annotation in _annotations(file):
            for inner in ast.walk(annotation):
                if not (
                    isinstance(inner, ast.Constant) and isinstance(inner.value, str)
                ):
                    continue
                if self.colours.in_sync_zone(file, inner):
                    continue
                text = patch.original(inner)
                changed = text
                for name, path in known.items():
                    new, statement = RENAMED.get(
                        path, ("AsyncClient", f"from {self.client} import AsyncClient")
                    )
                    found = re.sub(rf"\b{re.escape(name)}\b", new, changed)
                    if found != changed:
                        changed = found
                        at = ast.Name(name, ast.Load())
                        self._import(file, patch, at, statement)
                if changed != text:
                    patch.replace(inner, changed)

    # -- sessions --------------------------------------------------------------------

    def _sessions(self, file: ReviewedFile, patch: Patch) -> None:
        """Have sessions keep their objects' values after a commit."""
        for call in file.nodes(ast.Call):
            if self.colours.in_sync_zone(file, call):
                continue
            path = self._path(file, call.func)
            if path is None or path in _CLIENTS:
                continue
            name, _ = RENAMED[path]
            if name in ("AsyncSession", "async_sessionmaker"):
                self._keyword(patch, call, "expire_on_commit", "False")
                for keyword in call.keywords:
                    if keyword.arg in ("autocommit", "future", "query_cls"):
                        self._drop(patch, call, keyword)
            elif name == "async_scoped_session":
                self._keyword(patch, call, "scopefunc", "asyncio.current_task")
                patch.need("import asyncio")

    def _keyword(self, patch: Patch, call: ast.Call, name: str, value: str) -> None:
        for keyword in call.keywords:
            if keyword.arg == name:
                patch.replace(keyword.value, value)
                return
            if keyword.arg is None:
                return
        add_argument(patch, call, f"{name}={value}")

    def _drop(self, patch: Patch, call: ast.Call, keyword: ast.keyword) -> None:
        text = patch.source.text
        start, end = patch.span(keyword)
        after = re.compile(r"\s*,\s*").match(text, end)
        if after is not None:
            patch.replace_span(start, after.end(), "")
            return
        before = re.compile(r",\s*\Z").search(text[:start])
        patch.replace_span(before.start() if before else start, end, "")

    def _listeners(self, file: ReviewedFile, patch: Patch) -> None:
        """Have listeners listen to the engine below the asynchronous one."""
        for call in file.nodes(ast.Call):
            if last(call.func) not in ("listens_for", "listen") or not call.args:
                continue
            target = call.args[0]
            kind = self.values.kind(file, target)
            if kind == "engine":
                definition = self.colours.keeper.definitions.of(file, target)
                if definition is not None and self.colours.keeper.is_twin(definition):
                    continue
                self._listener_of_twin(file, patch, call, target)
                patch.wrap(target, "", ".sync_engine")
            elif kind == "session":
                patch.wrap(target, "", ".sync_session")
            elif kind in ("factory", "registry"):
                patch.replace(target, "Session")
                patch.need("from sqlalchemy.orm import Session")

    def _listener_of_twin(
        self, file: ReviewedFile, patch: Patch, call: ast.Call, target: ast.expr
    ) -> None:
        """Have a listener of an engine listen to its synchronous twin, too."""
        definition = self.colours.keeper.definitions.of(file, target)
        if (
            definition is None
            or (definition.file, definition.statement)
            not in self.colouring.keeping.definitions
        ):
            return
        twin = self.twins.name(definition)
        if definition.file is not file:
            if definition.file.module is None or not isinstance(target, ast.Name):
                return
            patch.need_from(definition.file.module.name, twin)
        start, end = patch.span(call)
        first, stop = patch.span(target)
        name = twin if isinstance(target, ast.Name) else f"{patch.original(target)}"
        if isinstance(target, ast.Attribute):
            name = f"{patch.original(target.value)}.{twin}"
        text = patch.source.text
        again = f"{text[start:first]}{name}{text[stop:end]}"
        column = len(text[:start].rpartition("\n")[2])
        if isinstance(file.parent(call), ast.Expr):
            patch.insert(end, f"\n{' ' * column}{again}")
        else:
            patch.insert(start, f"{again}\n{' ' * (column - 1)}@")


def _checking_import(file: ReviewedFile, name: str) -> ast.ImportFrom | None:
    """Return the import of a name that only type checkers see."""
    for statement in file.nodes(ast.ImportFrom):
        if any((alias.asname or alias.name) == name for alias in statement.names):
            block = file.parent(statement)
            if isinstance(block, ast.If) and last(block.test) == "TYPE_CHECKING":
                return statement
            return None
    return None


def _annotations(file: ReviewedFile) -> Iterator[ast.expr]:
    for function in file.functions():
        for argument, _ in parameters(function):
            if argument.annotation is not None:
                yield argument.annotation
        if function.returns is not None:
            yield function.returns
    for node in file.nodes(ast.AnnAssign):
        yield node.annotation
