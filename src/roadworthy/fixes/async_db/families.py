"""The same method in the classes of a family: they become asynchronous together."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from roadworthy.fixes.async_db.values import Owner, Values
from roadworthy.rules.files import FunctionNode, ReviewedFile
from roadworthy.values.program import ClassInfo


class Families:
    """Finds the relatives of a method."""

    def __init__(self, values: Values, files: Iterable[ReviewedFile]) -> None:
        self.values = values
        self.review = values.review
        self.files = tuple(files)
        self._all_protocols: list[ClassInfo] | None = None

    def of(self, file: ReviewedFile, node: FunctionNode) -> Iterator[Owner]:
        """Yield the same method of the classes above and below a method's class."""
        cls = file.parent(node)
        if not isinstance(cls, ast.ClassDef):
            return
        info = self.review.class_info(file, cls)
        if info is None:
            return
        related = [base for base in info.mro if isinstance(base, ClassInfo)]
        for base in list(related):
            related.extend(base.all_subclasses())
        related.extend(self._protocols(info))
        names = {node.name}
        if node.name in ("__enter__", "__exit__"):
            names = {"__enter__", "__exit__"}
        for other in dict.fromkeys(related):
            if other.module.is_library:
                continue
            for name in names:
                for owner in self.values.owners(other.namespace.get(name, ())):
                    if owner[1] is not node:
                        yield owner

    def _protocols(self, info: ClassInfo) -> Iterator[ClassInfo]:
        """Yield the protocols that a class fulfils, by the names of their methods."""
        if self._all_protocols is None:
            self._all_protocols = [
                found
                for file in self.files
                if file.mentions("Protocol")
                for _, found in self.review.classes(file)
                if found.is_protocol
            ]
        for found in self._all_protocols:
            names = [n for n in found.namespace if not n.startswith("_")]
            if names and all(info.find(name) is not None for name in names):
                yield found
