"""Which calls enter a function, and for which route it is run."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from roadworthy.rules import kinds
from roadworthy.rules.files import FunctionNode, ReviewedFile, own_nodes
from roadworthy.rules.handlers import Handler, HandlerParameter
from roadworthy.rules.recording import function_atom
from roadworthy.rules.review import Review
from roadworthy.rules.security.bindings import is_renamed
from roadworthy.rules.threads import handed_over
from roadworthy.rules.trees import last_name
from roadworthy.values.atoms import Atom, ClassAtom, Function, Wrapped
from roadworthy.values.program import FunctionInfo


class Callers:
    """Knows the handlers and dependencies of a review, and the calls between functions."""

    def __init__(self, review: Review) -> None:
        self.review = review
        self._dependencies: dict[FunctionInfo, tuple[Function, Handler]] | None = None
        self._parameters: dict[FunctionInfo, dict[str, HandlerParameter]] = {}

    def injected(self, info: FunctionInfo) -> dict[str, HandlerParameter] | None:
        """Return the parameters of a handler or dependency; None for other functions."""
        known = self._parameters.get(info)
        if known is not None:
            return known
        handler = self.review.handler_of(info)
        if handler is not None:
            found = self.review.parameters(handler)
        else:
            entry = self._dependency(info)
            if entry is None:
                return None
            found = self.review.parameters_of(entry[0], entry[1].path)
        known = self._parameters[info] = {p.name: p for p in found}
        return known

    def handler_at(self, info: FunctionInfo) -> Handler | None:
        """Return the handler that a function is, or for which it is a dependency."""
        handler = self.review.handler_of(info)
        if handler is not None:
            return handler
        entry = self._dependency(info)
        return entry[1] if entry is not None else self.review.entry_of(info)

    def _dependency(self, info: FunctionInfo) -> tuple[Function, Handler] | None:
        if self._dependencies is None:
            self._dependencies = {}
            for handler in self.review.handlers():
                for use in self.review.dependencies(handler):
                    for function in use.functions:
                        self._dependencies.setdefault(
                            function.function, (function, handler)
                        )
        return self._dependencies.get(info)

    def calls_of(
        self, file: ReviewedFile, caller: FunctionNode, callee: FunctionInfo
    ) -> Iterator[tuple[ast.Call, Function]]:
        """Yield the calls in a function that call another one of the project."""
        names = {callee.code.name}
        if callee.cls is not None and callee.code.name == "__init__":
            names = {callee.cls.name, "__init__", "cls"}
        found = list(self._calls_under(file, caller, callee, names))
        # Under no name of its own, it is called by what wraps it, or as an argument.
        yield from found or self._calls_under(file, caller, callee, None)

    def _calls_under(
        self,
        file: ReviewedFile,
        caller: FunctionNode,
        callee: FunctionInfo,
        names: set[str] | None,
    ) -> Iterator[tuple[ast.Call, Function]]:
        for part in own_nodes(caller):
            if not isinstance(part, ast.Call):
                continue
            made = handed_over(self.review, part)
            for call in (part, made) if made is not None else (part,):
                last = last_name(call.func)
                if not last:
                    continue
                if names is not None and last not in names:
                    if callee.code.name != "__init__" and not is_renamed(file, last):
                        continue
                for atom in self.callees(file, call, call is made):
                    for function in _called(atom):
                        if function.function is callee:
                            yield call, function

    def callees(
        self, file: ReviewedFile, call: ast.Call, handed: bool
    ) -> tuple[Atom, ...]:
        """Return what a call enters; one that is handed to a thread is only named."""
        if handed:
            return kinds.known(self.review.value(file, call.func))
        return self.review.callees(file, call)


def _called(atom: Atom) -> Iterator[Function]:
    if isinstance(atom, Function):
        yield atom
    elif isinstance(atom, ClassAtom):
        found = atom.cls.find("__init__")
        for method in found[1] if found else ():
            if isinstance(method, Function):
                bound = function_atom(method.function)
                yield bound
    elif isinstance(atom, Wrapped):
        for part in atom.value:
            yield from _called(part)
