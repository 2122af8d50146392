"""Responses whose schemas read properties that ask the database.

FastAPI reads a response's fields where nothing can be awaited for them. The schema is made
by the handler instead, in the asynchronous session's `run_sync`.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from roadworthy.fixes.async_db.islands import Islands
from roadworthy.fixes.async_db.operations import Colouring, Obstacle
from roadworthy.fixes.async_db.patch import Patch
from roadworthy.rules import kinds
from roadworthy.rules.files import FunctionNode, ReviewedFile, own_nodes
from roadworthy.rules.review import Review
from roadworthy.rules.schemas import shapes
from roadworthy.values.atoms import ClassAtom
from roadworthy.values.program import ClassInfo


def schemas_that_read(
    review: Review, files: Iterable[ReviewedFile], names: set[str]
) -> frozenset[ClassInfo]:
    """Return the schemas with a field of one of the names, and those that hold such."""
    fields: dict[ClassInfo, set[str]] = {}
    inner: dict[ClassInfo, set[ClassInfo]] = {}
    for file in files:
        for _, info in review.classes(file):
            atom = ClassAtom(info, ())
            if not kinds.is_model(atom) or kinds.is_table_model(atom):
                continue
            found = fields.setdefault(info, set())
            held = inner.setdefault(info, set())
            for name, _, types in review.field_types(info):
                found.add(name)
                held.update(
                    a.cls for a in kinds.all_types(types) if isinstance(a, ClassAtom)
                )
    reading = {info for info, found in fields.items() if found & names}
    while True:
        more = {i for i, held in inner.items() if held & reading} - reading
        if not more:
            return frozenset(reading)
        reading |= more


class Responses:
    """Writes the handlers whose responses read such properties."""

    def __init__(
        self,
        review: Review,
        colouring: Colouring,
        patches: dict[ReviewedFile, Patch],
        islands: Islands,
    ) -> None:
        self.review = review
        self.colouring = colouring
        self.patches = patches
        self.islands = islands
        self.obstacles: list[Obstacle] = []

    def write(self) -> None:
        """Have handlers make such responses themselves."""
        names = {
            node.name
            for node, file in self.colouring.islands.items()
            if isinstance(node, ast.FunctionDef)
            and isinstance(file.parent(node), ast.ClassDef)
            and not node.name.startswith("__")
        }
        if not names:
            return
        reading = schemas_that_read(self.review, self.patches, names)
        if not reading:
            return
        version = self.review.major_version("pydantic")
        done: set[FunctionNode] = set()
        for handler in self.review.handlers():
            node = handler.node
            if handler.file not in self.patches or node in done:
                continue
            types = shapes.schema_types(self.review, handler) or ()
            if not any(
                isinstance(atom, ClassAtom) and atom.cls in reading
                for atom in kinds.all_types(types)
            ):
                continue
            done.add(node)
            model = _model(node)
            if model is None or (version is not None and version < 2):
                self.obstacles.append(
                    Obstacle(
                        handler.file,
                        node,
                        "its response reads a property that asks the database: make the "
                        "schema in the asynchronous session's `run_sync`",
                    )
                )
                continue
            for statement in self._returns(handler.file, node):
                self._made(handler.file, statement, model)

    def _returns(self, file: ReviewedFile, node: FunctionNode) -> Iterator[ast.Return]:
        for inner in own_nodes(node):
            if not isinstance(inner, ast.Return) or inner.value is None:
                continue
            if isinstance(inner.value, ast.Constant):
                continue
            known = kinds.known(self.review.value(file, inner.value))
            if known and all(
                kinds.is_response(a)
                or (kinds.is_model(a) and not kinds.is_table_model(a))
                for a in known
            ):
                continue
            yield inner

    def _made(self, file: ReviewedFile, statement: ast.Return, model: ast.expr) -> None:
        assert statement.value is not None
        patch = self.patches[file]
        shown = patch.original(model)
        if isinstance(model, ast.Constant) and isinstance(model.value, str):
            shown = model.value
        start, end = patch.span(statement)
        indent = " " * (start - (patch.source.text.rfind("\n", 0, start) + 1))
        if isinstance(statement.value, ast.Name):
            rows = statement.value.id
            patch.replace_span(start, end, "")
        else:
            rows = "result"
            first, _ = patch.span(statement.value)
            patch.replace_span(start, first, "result = ")
        made = f"TypeAdapter({shown}).validate_python({rows}, from_attributes=True)"
        session = self.islands.session(file, statement)
        if session:
            run = f"{session}.run_sync(lambda _: {made})"
        else:
            run = f"greenlet_spawn(lambda: {made})"
            patch.need("from sqlalchemy.util import greenlet_spawn")
        lead = "" if isinstance(statement.value, ast.Name) else f"\n{indent}"
        patch.insert(end, f"{lead}return await {run}", -2)
        patch.need("from pydantic import TypeAdapter")


def _model(node: FunctionNode) -> ast.expr | None:
    """Return the expression that says what a handler's response is."""
    for decorator in node.decorator_list:
        if isinstance(decorator, ast.Call):
            for keyword in decorator.keywords:
                if keyword.arg == "response_model":
                    value = keyword.value
                    if isinstance(value, ast.Constant) and value.value is None:
                        return None
                    return value
    return node.returns
