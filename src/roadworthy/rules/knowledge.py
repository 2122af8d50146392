"""Definitions, names and values: what the evaluator knows of a place in a file."""

from __future__ import annotations

import ast
from collections.abc import Callable, Hashable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Concatenate, ParamSpec, TypeVar, cast

from roadworthy.rules import kinds
from roadworthy.rules.files import FunctionNode, ReviewedFile
from roadworthy.rules.flow import Flow, follow
from roadworthy.rules.recording import Recorder, function_atom
from roadworthy.syntax.code import pack
from roadworthy.syntax.lower import lower_annotation, lower_expression
from roadworthy.values import attributes
from roadworthy.values.atoms import (
    UNKNOWN,
    Atom,
    ClassAtom,
    Function,
    Instance,
    Value,
    Wrapped,
    const,
    external_instance,
    intern,
    join,
    sequence,
)
from roadworthy.values.frames import Frame
from roadworthy.values.program import ClassInfo, FunctionInfo, Module

if TYPE_CHECKING:
    from roadworthy.app.framework import FastAPIFramework
    from roadworthy.values.evaluator import Evaluator

K = TypeVar("K", bound="Knowledge")
P = ParamSpec("P")
T = TypeVar("T")


class Knowledge:
    """What expressions stand for; the part of `Review` that asks the evaluator."""

    def __init__(
        self,
        evaluator: Evaluator,
        framework: FastAPIFramework,
        files: dict[Path, ReviewedFile],
    ) -> None:
        self.evaluator = evaluator
        self.framework = framework
        self._files = files
        self._recorder = Recorder(evaluator, framework)
        self._functions: dict[tuple[Module, int, int], FunctionInfo] = {}
        self._defined = 0
        """How many definitions the evaluator had met when these were listed."""
        self._globals: dict[tuple[Path, tuple[str, ...]], Value] = {}
        self._classes: dict[tuple[Module, int, int], ClassInfo] | None = None
        self._made: dict[Hashable, object] = {}

    def once(
        self: K,
        make: Callable[Concatenate[K, P], T],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> T:
        """Return what a function (or class) makes of this and some hashable arguments.

        It is called once; later calls with the same arguments return the same object.
        """
        key = (make, args, tuple(sorted(kwargs.items())))
        if key not in self._made:
            self._made[key] = make(self, *args, **kwargs)
        return cast("T", self._made[key])

    def file_of(self, module: Module) -> ReviewedFile | None:
        """Return the project's file of a module; None for a library's."""
        return self._files.get(module.path)

    # -- definitions -----------------------------------------------------------------

    def node_of(self, function: FunctionInfo) -> FunctionNode | None:
        """Return the definition of a function of the project; None for a lambda."""
        file = self.file_of(function.module)
        if file is None:
            return None
        return file.function_at(function.code.first_line, function.code.column)

    def class_node(self, cls: ClassInfo) -> ast.ClassDef | None:
        """Return the definition of a class of the project."""
        file = self.file_of(cls.module)
        if file is None:
            return None
        return file.class_at(cls.code.first_line, cls.code.column)

    def function_info(
        self, file: ReviewedFile, node: FunctionNode | ast.Lambda
    ) -> FunctionInfo | None:
        """Return the evaluator's function of a definition, if it was met."""
        module = file.module
        if module is None:
            return None
        key = (module, node.lineno, node.col_offset)
        found = self._functions.get(key)
        if found is None and self._defined != self.evaluator.defined:
            self._defined = self.evaluator.defined
            for info in self.evaluator.functions_met():
                code = info.code
                self._functions[info.module, code.first_line, code.column] = info
            found = self._functions.get(key)
        return found

    def class_info(self, file: ReviewedFile, node: ast.ClassDef) -> ClassInfo | None:
        """Return the evaluator's class of a definition, if it was met."""
        if file.module is None:
            return None
        if self._classes is None:
            self._classes = {
                (cls.module, cls.code.first_line, cls.code.column): cls
                for cls in self.evaluator.classes_met()
            }
        return self._classes.get((file.module, node.lineno, node.col_offset))

    def classes(self, file: ReviewedFile) -> Iterator[tuple[ast.ClassDef, ClassInfo]]:
        """Yield the classes defined in a file, with what the evaluator knows."""
        for node in file.nodes(ast.ClassDef):
            info = self.class_info(file, node)
            if info is not None:
                yield node, info

    # -- values ----------------------------------------------------------------------

    def value(self, file: ReviewedFile, node: ast.AST) -> Value:
        """Return what an expression may stand for; `UNKNOWN` where that is not known.

        In a function, it is what the calls of the function that the run has met gave;
        in a class body or at module level, what it gives when everything is loaded.
        """
        if not isinstance(node, ast.expr):
            return UNKNOWN
        composed = self._composed(file, node)
        if composed is not None:
            return composed
        scope = file.scope(node)
        if isinstance(scope, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
            outer = self.static(file, node)
            if outer is not None:
                return outer
            info = self.function_info(file, scope)
            if info is None:
                return UNKNOWN
            if _is_noted(file, node):
                noted = self._recorder.notes(info).values
                return noted.get(_packed(node, info)) or UNKNOWN
            return self._recorder.of(info).values.get(_packed(node, info)) or UNKNOWN
        return self._evaluated(file, scope, node)

    def static(self, file: ReviewedFile, node: ast.expr) -> Value | None:
        """Return what a dotted name gives whose first part is bound at module level, or
        by an import in the function.

        None for what is no such name. It costs little: no function is evaluated again.
        """
        parts: list[str] = []
        root = node
        while isinstance(root, ast.Attribute):
            parts.append(root.attr)
            root = root.value
        if not isinstance(root, ast.Name) or not isinstance(root.ctx, ast.Load):
            return None
        for scope in file.functions_around(node):
            if root.id in file.local_names(scope):
                imported = file.local_import(scope, root.id)
                if imported is None:
                    return None
                return self._imported(file, imported, tuple(reversed(parts)))
        key = (file.path, (*parts, root.id))
        known = self._globals.get(key)
        if known is None:
            known = self._globals[key] = self._evaluated(file, file.tree, node)
        return known

    def static_names(self, file: ReviewedFile, call: ast.Call) -> frozenset[str]:
        """Return what `names` returns where `static` can tell; nothing otherwise."""
        value = self.static(file, call.func)
        return frozenset(
            name for atom in kinds.known(value or ()) for name in self.names_of(atom)
        )

    def _imported(
        self,
        file: ReviewedFile,
        imported: tuple[int, str, str | None],
        parts: tuple[str, ...],
    ) -> Value:
        module = self.loaded(file)
        if module is None or module.code is None:
            return UNKNOWN
        level, source, name = imported
        ev = self.evaluator
        source = ev.absolute_name(module, level, source or None)
        if name is None:
            value = ev.import_module(source)
        else:
            value = ev.import_name(source, name)
        frame = Frame(module, module.code, module.environment, None)
        for part in parts:
            value = ev.attribute(frame, value, part, 0)
        return value

    def _evaluated(
        self, file: ReviewedFile, scope: ast.ClassDef | ast.Module, node: ast.expr
    ) -> Value:
        module = self.loaded(file)
        if module is None or module.code is None:
            return UNKNOWN
        environment = module.environment
        if isinstance(scope, ast.ClassDef):
            info = self.class_info(file, scope)
            if info is not None:
                environment = info.environment
        frame = Frame(module, module.code, environment, None)
        return self._recorder.evaluate(frame, lower_expression(node))

    def _composed(self, file: ReviewedFile, node: ast.expr) -> Value | None:
        """Return the value of a form whose place the evaluator does not keep."""
        if isinstance(node, ast.Constant):
            value = node.value
            if value is None or isinstance(value, (bool, int, str)):
                return const(value)
            return (external_instance(f"builtins.{type(value).__name__}"),)
        if isinstance(node, (ast.JoinedStr,)):
            return (external_instance("builtins.str"),)
        if isinstance(node, ast.BoolOp):
            joined: Value = ()
            for operand in node.values:
                joined = join(joined, self.value(file, operand))
            return joined
        if isinstance(node, ast.IfExp):
            body = self.value(file, node.body)
            return join(body, self.value(file, node.orelse))
        if isinstance(node, (ast.NamedExpr, ast.Starred)):
            return self.value(file, node.value)
        if isinstance(node, ast.UnaryOp):
            if isinstance(node.op, ast.Not):
                return (external_instance("builtins.bool"),)
            return self.value(file, node.operand)
        if isinstance(node, (ast.List, ast.Tuple, ast.Set)):
            kind = type(node).__name__.lower()
            if (
                any(isinstance(e, ast.Starred) for e in node.elts)
                or len(node.elts) > 40
            ):
                return sequence(kind, None, UNKNOWN)
            return sequence(
                kind, tuple(self.value(file, e) for e in node.elts), UNKNOWN
            )
        if isinstance(node, ast.Dict):
            from roadworthy.values.atoms import Mapping as Dictionary

            return (intern(Dictionary, None, UNKNOWN, UNKNOWN),)
        return None

    def callees(self, file: ReviewedFile, call: ast.Call) -> tuple[Atom, ...]:
        """Return what a call may call: functions, classes, library names, …"""
        function = call.func
        if isinstance(function, (ast.Attribute, ast.Name)):
            scope = file.scope(function)
            if isinstance(scope, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
                outer = self.static(file, function)
                if outer is not None:
                    return kinds.known(outer)
                info = self.function_info(file, scope)
                if info is None:
                    return ()
                callees = self._recorder.notes(info).callees
                return kinds.known(callees.get(_packed(function, info), ()))
        return kinds.known(self.value(file, function))

    def names(self, file: ReviewedFile, call: ast.Call) -> frozenset[str]:
        """Return the dotted names of what a call may call.

        Public library names with their class (`httpx.AsyncClient.get`,
        `sqlalchemy.orm.Session.execute`), or the qualified name of the project's own
        function or class (`app.crud.get_user`). Wrappers are looked through.
        """
        found: set[str] = set()
        for atom in self.callees(file, call):
            found.update(self.names_of(atom))
        if not found and isinstance(call.func, ast.Attribute):
            found.update(self._inherited(file, call.func))
        return frozenset(found)

    def _inherited(self, file: ReviewedFile, method: ast.Attribute) -> Iterator[str]:
        """Yield the names of a method that a project's class has from a library.

        Where the library is not installed, only the base tells (`Pen.filter` of
        `class Pen(tortoise.models.Model)`).
        """
        for atom in self.value(file, method.value):
            if isinstance(atom, (ClassAtom, Instance)) and not atom.cls.find(
                method.attr
            ):
                for base in atom.cls.library_bases():
                    yield f"{base}.{method.attr}"

    def names_of(self, atom: Atom) -> Iterator[str]:
        """Yield the dotted names of something that can be called."""
        if isinstance(atom, Function):
            yield atom.function.qualified_name
            return
        if isinstance(atom, ClassAtom):
            yield atom.cls.qualified_name
            return
        path = kinds.path_of(atom)
        if path is not None:
            yield path
            return
        if isinstance(atom, Wrapped):
            for part in atom.value:
                yield from self.names_of(part)

    def flow(
        self,
        function: Function,
        parameters: Iterable[str],
        keeping: frozenset[str] = frozenset(),
    ) -> Flow:
        """Return where values of a handler's or dependency's parameters go (`flow`)."""
        with self._recorder.frozen():
            return follow(self.evaluator, self.framework, function, parameters, keeping)

    def given(self, function: FunctionInfo, parameter: str) -> Value:
        """Return what a parameter may be given, as far as the run has seen."""
        return self._recorder.given(function, parameter) or UNKNOWN

    def annotation(self, file: ReviewedFile, node: ast.expr) -> Value:
        """Return the types that an annotation names (texts are read as types)."""
        module = self.loaded(file)
        lowered = lower_annotation(node)
        if module is None or module.code is None or lowered is None:
            return UNKNOWN
        environment = module.environment
        scope = file.scope(node)
        if isinstance(scope, ast.ClassDef):
            info = self.class_info(file, scope)
            if info is not None:
                environment = info.environment
        frame = Frame(module, module.code, environment, None)
        return self._recorder.evaluate(frame, lowered)

    def returned(self, function: FunctionInfo) -> Value:
        """Return what the calls of a function returned that the run has met.

        Of a coroutine function it is what awaiting gives; `UNKNOWN` if nothing is known.
        """
        return self._recorder.returned(function) or UNKNOWN

    def returned_types(self, function: FunctionInfo) -> Value:
        """Return the types of a function's return annotation; empty without one."""
        if function.code.returns is None:
            return ()
        atom = function_atom(function)
        return self.evaluator.annotation_types(atom, function.code.returns)

    def field_types(self, cls: ClassInfo) -> Iterator[tuple[str, ClassInfo, Value]]:
        """Yield each annotated field, where it is declared, and the types it names.

        Inherited ones are included, each name once, the nearest declaration.
        """
        seen: set[str] = set()
        for base in cls.mro:
            if not isinstance(base, ClassInfo):
                continue
            frame = Frame(base.module, base.code, base.environment, None)
            for name, node in base.annotations.items():
                if name in seen or node is None:
                    continue
                seen.add(name)
                yield name, base, self._recorder.evaluate(frame, node)

    def attribute_of(self, atom: Instance, name: str) -> Value:
        """Return what an attribute of one object holds; empty if nothing is known."""
        frame = Frame(atom.cls.module, atom.cls.code, atom.cls.environment, None)
        with self._recorder.frozen():
            return kinds.known(
                attributes.of_instance(self.evaluator, frame, atom, name, 0)
            )

    def loaded(self, file: ReviewedFile) -> Module | None:
        """Return a file's module, run from top to bottom (tests are not by default)."""
        module = file.module
        if module is not None and module.state == "unloaded":
            self.evaluator.run_module(module)
            self._classes = None
        return module


def _is_noted(file: ReviewedFile, node: ast.expr) -> bool:
    """Whether a run notes what an expression gives (`CallNotes`).

    It does where a name or an attribute is called, and of that whose method is called.
    """
    if isinstance(node, ast.Call):
        return isinstance(node.func, (ast.Name, ast.Attribute))
    if not isinstance(node, (ast.Name, ast.Attribute, ast.Await, ast.Subscript)):
        return False
    method = file.parent(node)
    if not isinstance(method, ast.Attribute):
        return False
    call = file.parent(method)
    return isinstance(call, ast.Call) and call.func is method


def _packed(node: ast.expr, function: FunctionInfo) -> int:
    end_line = node.end_lineno if node.end_lineno is not None else node.lineno
    end = node.end_col_offset if node.end_col_offset is not None else node.col_offset
    first = function.code.first_line
    return pack(node.lineno, node.col_offset, end_line, end, first)
