"""Classes that FastAPI makes, and whose constructors ask the database.

FastAPI calls a class that is a dependency in a thread, where nothing can be awaited for
it. A function beside the class makes the instance in the session's `run_sync` instead.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from roadworthy.fixes.async_db.operations import Colouring, Obstacle, last
from roadworthy.fixes.async_db.patch import Patch
from roadworthy.fixes.async_db.values import Values, parameters
from roadworthy.rules import kinds
from roadworthy.rules.files import FunctionNode, ReviewedFile
from roadworthy.values.atoms import ClassAtom
from roadworthy.values.program import ClassInfo


class Injected:
    """Writes the functions that make such instances, and has FastAPI call them."""

    def __init__(
        self,
        values: Values,
        colouring: Colouring,
        patches: dict[ReviewedFile, Patch],
    ) -> None:
        self.values = values
        self.review = values.review
        self.colouring = colouring
        self.patches = patches
        self.obstacles: list[Obstacle] = []
        self._written: dict[ClassInfo, str] = {}

    def write(self) -> None:
        """Write what injects such classes."""
        if not any(
            getattr(node, "name", "") == "__init__" for node in self.colouring.islands
        ):
            return
        for file in self.patches:
            for call in file.nodes(ast.Call):
                if last(call.func) not in ("Depends", "Security"):
                    continue
                for atom in self._classes(file, call):
                    self._inject(file, call, atom.cls)
                    break

    def _classes(self, file: ReviewedFile, call: ast.Call) -> Iterator[ClassAtom]:
        given = call.args[0] if call.args else None
        if given is None:
            given = next(
                (k.value for k in call.keywords if k.arg == "dependency"), None
            )
        if given is not None:
            found = kinds.known(self.review.value(file, given))
        else:
            annotation = self._annotation(file, call)
            if annotation is None:
                return
            found = tuple(kinds.plain_types(self.review.annotation(file, annotation)))
        for atom in found:
            if isinstance(atom, ClassAtom):
                yield atom

    def _annotation(self, file: ReviewedFile, call: ast.Call) -> ast.expr | None:
        """Return the annotation that `Depends()` without arguments goes by."""
        parent = file.parent(call)
        if isinstance(parent, ast.Tuple):
            return parent.elts[0]
        function = parent if isinstance(parent, ast.arguments) else None
        if function is None:
            return None
        owner = file.parent(function)
        if isinstance(owner, (ast.FunctionDef, ast.AsyncFunctionDef)):
            for argument, default in parameters(owner):
                if default is call:
                    return argument.annotation
        return None

    def _inject(self, file: ReviewedFile, call: ast.Call, cls: ClassInfo) -> None:
        constructor = self._constructor(cls)
        if constructor is None:
            return
        name = self._written.get(cls) or self._maker(cls, *constructor)
        if not name:
            self.obstacles.append(
                Obstacle(
                    file,
                    call,
                    f"`{cls.name}` asks the database as it is made: make it in the "
                    "asynchronous session's `run_sync`",
                )
            )
            return
        self._written[cls] = name
        patch = self.patches[file]
        owner = self.review.file_of(cls.module)
        if call.args:
            patch.replace(call.args[0], name)
        else:
            _, end = patch.span(call)
            patch.insert(end - 1, name)
        if owner is not file:
            patch.need_from(cls.module.name, name)

    def _constructor(self, cls: ClassInfo) -> tuple[ReviewedFile, FunctionNode] | None:
        found = cls.find("__init__")
        if found is None:
            return None
        for file, node in self.values.owners(found[1]):
            if node in self.colouring.islands:
                return file, node
        return None

    def _maker(self, cls: ClassInfo, file: ReviewedFile, node: FunctionNode) -> str:
        """Write the function that makes instances of a class; return its name."""
        own = self.review.class_node(cls)
        if own is None or file.parent(node) is not own or node.args.vararg is not None:
            return ""
        patch = self.patches[file]
        given = [argument for argument, _ in parameters(node)][1:]
        keywords = set(node.args.kwonlyargs)
        if not given or node.args.kwarg is not None:
            return ""
        start, _ = patch.span(given[0])
        if given[0] in keywords:
            start = patch.source.text.rindex("*", 0, start)
        _, last_end = patch.span(given[-1])
        defaults = [d for _, d in parameters(node) if d is not None]
        end = max([last_end, *(patch.span(d)[1] for d in defaults)])
        shown = " ".join(patch.render(start, end).split())
        arguments = ", ".join(
            f"{a.arg}={a.arg}" if a in keywords else a.arg for a in given
        )
        session = next(
            (a.arg for a in given if self.values.bound(file, node, a.arg) == "session"),
            "",
        )
        name = "make_" + re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", cls.name).lower()
        if session:
            run = f"{session}.run_sync(lambda _: {cls.name}({arguments}))"
        else:
            run = f"greenlet_spawn(lambda: {cls.name}({arguments}))"
            patch.need("from sqlalchemy.util import greenlet_spawn")
        _, class_end = patch.span(own)
        patch.insert(
            class_end,
            f"\n\n\nasync def {name}({shown}) -> {cls.name}:\n"
            f'    """Make a `{cls.name}`, which asks the database as it is made."""\n'
            f"    return await {run}",
        )
        return name
