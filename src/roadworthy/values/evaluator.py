"""The evaluator: runs code abstractly and remembers each call it has seen."""

from __future__ import annotations

import builtins
from typing import TYPE_CHECKING, Any, Protocol

from roadworthy.effects.lookup import Catalogue
from roadworthy.syntax import code as c
from roadworthy.syntax.code import Code, Node, Parameter
from roadworthy.values import attributes, calls, containers, hints, renewal, statements
from roadworthy.values.atoms import (
    ANY,
    NONE,
    UNKNOWN,
    Atom,
    Awaitable,
    ClassAtom,
    Const,
    Environment,
    External,
    ExternalInstance,
    Function,
    Instance,
    ModuleAtom,
    Sequence,
    Suspended,
    TypeVariable,
    Value,
    Wrapped,
    const,
    external,
    external_instance,
    instance,
    intern,
    join,
    sequence,
    truth,
    without_any,
)
from roadworthy.values.calls import NOTHING, Arguments
from roadworthy.values.expressions import EVALUATE
from roadworthy.values.externals import Externals
from roadworthy.values.frames import CallKey, CallNotes, Frame, Summary, Use
from roadworthy.values.program import (
    STANDARD_LIBRARY,
    ClassInfo,
    FunctionInfo,
    Module,
    Program,
    index_statements,
)
from roadworthy.values.specials import SPECIALS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

_BUILTINS = frozenset(dir(builtins))
_LIBRARY_BUDGET = 1500
"""How many bodies of one library's functions a run evaluates at most."""
_PLAIN_BASES = frozenset({"abc", "typing", "typing_extensions", "builtins", "enum"})
_DEEPEST_NESTING = 2400
"""How many calls may be under way within each other, those of wrappers included:
objects that stand for themselves (`__getattr__`, `__call__`) would never end."""


_PATH_METHODS = frozenset({"read_text", "read_bytes", "write_text", "write_bytes"})
"""Names that paths alone have: whatever has them reads or writes a file."""


class Framework(Protocol):
    """What a web framework means by its classes and functions (see `app`)."""

    def construct(
        self, frame: Frame, atom: ClassAtom, arguments: Arguments, position: int
    ) -> Value | None:
        """Make an instance of a project's class that inherits from the framework."""

    def initialise(
        self, frame: Frame, made: Instance, arguments: Arguments, position: int
    ) -> None:
        """Run what the framework runs when an instance is made."""

    def call(
        self,
        frame: Frame,
        path: str,
        receiver: Atom | None,
        arguments: Arguments,
        position: int,
    ) -> Value | None:
        """Call something of the framework."""

    def call_atom(
        self, frame: Frame, atom: Atom, arguments: Arguments, position: int
    ) -> Value | None:
        """Call an atom of the framework's own kinds."""

    def attribute(self, frame: Frame, atom: Atom, name: str) -> Value | None:
        """Return an attribute of the framework's objects."""

    def set_attribute(self, frame: Frame, atom: Atom, name: str, value: Value) -> None:
        """Set an attribute of the framework's objects."""

    def inherited(
        self, frame: Frame, receiver: Atom, base: str, name: str
    ) -> Value | None:
        """Return what a project's class inherits from the framework."""

    def injected(self, frame: Frame, atom: Wrapped, receiver: Atom, name: str) -> Value:
        """Return what a class-level dependency gives on an instance."""

    def enter(self, frame: Frame, atom: Atom) -> Value | None:
        """Return what `with` binds for the framework's objects."""


class TypeQuestions(Protocol):
    """A type checker's answers, as values."""

    def members(self, frame: Frame, name: str, position: int) -> Value:
        """Return what the attribute that ends at a position is defined as."""


class Evaluator:
    """Evaluates a program; one object a run."""

    def __init__(
        self,
        program: Program,
        catalogue: Catalogue,
        questions: TypeQuestions | None = None,
    ) -> None:
        self.program = program
        self.catalogue = catalogue
        self.questions = questions
        self.externals = Externals(self, catalogue, SPECIALS)
        self.type_checking = external("typing.TYPE_CHECKING")
        self.runtime_error = external("builtins.RuntimeError")
        self.framework: Framework
        self.at_import = False
        self.importing_late = False
        """Whether the module that runs is imported by a call, not before all calls."""
        self.warmed: dict[Any, Value] = {}
        self.wrapped: dict[Atom, Value] = {}
        """By wrapper, what `functools.wraps` says it wraps."""
        self.hooks: dict[tuple[Function, str], str] = {}
        """Functions that a library calls later, by the name that registered them:
        ``loop`` or ``coroutine``."""
        self.served: set[str] = set()
        """Classes of tool servers of which an application is made (`mcp.sse_app()`)."""
        self.dynamic_imports: set[str] = set()
        """Packages that import modules by a name made at run time."""
        self.stack: list[CallKey] = []
        self.provisional: list[list[CallKey]] = [[]]
        self.lowest: list[int] = [1 << 30]
        self.library_depth = 0
        self.notes: dict[FunctionInfo, CallNotes] | None = None
        """What calls gave, by function; None where no rule will ask."""
        self.contexts: dict[Any, int] = {}
        """By function and closure, how many argument values it was evaluated with."""
        self._nesting = 0
        self.faults: list[str] = []
        """Pieces of work that failed, told in the report."""
        self.iterating: list[Atom] = []
        """What is being iterated over, the outermost first."""
        self.resolving: list[Atom] = []
        """The type variables that are being resolved, the outermost first."""
        self.told_variables: dict[str, Value] = {}
        """What the arguments of the call at hand say of its type variables."""
        self._library_spent: dict[str, int] = {}
        self.bound: dict[Any, CallKey] = {}
        """By function and arguments, which call they make."""
        self._keys: dict[Any, CallKey] = {}
        self._functions: dict[tuple[int, int, str], FunctionInfo] = {}
        self.defined = 0
        """How many definitions of functions were met, other code in a place anew."""
        self._by_line: dict[tuple[Module, int], FunctionInfo] = {}
        self._methods: dict[str, dict[tuple[int, int, str], FunctionInfo]] = {}
        self._codes: dict[int, Code] = {}
        self._kept: list[Any] = []
        self._implementations: dict[ClassInfo, tuple[ClassInfo, ...]] = {}
        self._classes: list[ClassInfo] = []
        self._concrete: list[ClassInfo] = []
        """The project's classes, Protocols left out."""
        self._fitting: dict[
            tuple[ClassInfo, frozenset[str]], tuple[int, list[ClassInfo]]
        ] = {}
        """By Protocol and methods, how many of these were looked at, and which fit."""
        self._preparing: set[tuple[Instance, str]] = set()
        self._blocking: set[FunctionInfo] | None = None
        self.method_names: set[str] = set()
        """Names of the methods of the project's classes."""

    # -- running -------------------------------------------------------------------

    def evaluate(self, frame: Frame, node: Node) -> Value:
        """Return the value of an expression."""
        return EVALUATE[node[0]](self, frame, node)

    def run(self, frame: Frame, body: Iterable[Node]) -> bool:
        """Run statements; return whether control never reaches their end."""
        ended = statements.run_block(self, frame, body)
        summary = frame.summary
        if not ended and frame.function is not None:
            summary.returns = join(summary.returns, NONE)
        return ended

    def summary_of(self, key: CallKey) -> Summary:
        """Return what evaluating a call tells."""
        return calls.summary_of(self, key)

    @property
    def number_of_calls(self) -> int:
        """How many calls were met so far."""
        return len(self._keys)

    def calls_met(self) -> tuple[CallKey, ...]:
        """Return the calls met so far, in the order in which they were."""
        return tuple(self._keys.values())

    def functions_met(self) -> tuple[FunctionInfo, ...]:
        """Return the functions whose definitions were met so far."""
        return tuple(self._functions.values())

    def classes_met(self) -> tuple[ClassInfo, ...]:
        """Return the classes whose definitions were met so far."""
        return tuple(self._classes)

    def key_of(
        self,
        function: FunctionInfo,
        atom: Function,
        bound: tuple[tuple[str, Value], ...],
    ) -> CallKey:
        """Return the one key of a call with these parameters."""
        identity = (function, atom.closure, atom.receiver, bound, self.at_import)
        found = self._keys.get(identity)
        if found is None:
            found = CallKey(function, atom.closure, atom.receiver, bound)
            self._keys[identity] = found
        return found

    def met_unfinished(self, key: CallKey) -> None:
        """Note that a call under way was met again: what is above it is provisional."""
        if key in self.stack and self.lowest:
            index = self.stack.index(key)
            self.lowest[-1] = min(self.lowest[-1], index)

    def renew(self, keys: Iterable[CallKey]) -> None:
        """Evaluate these calls anew, and what rests on what they told."""
        renewal.renew(self, keys)

    def methods_named(self, name: str) -> list[FunctionInfo]:
        """Return the project's methods of a name."""
        return list(self._methods.get(name, {}).values())

    def blocks(self, function: FunctionInfo) -> bool:
        """Whether some call of a function that was evaluated blocks."""
        if self._blocking is None:
            self._blocking = {
                key.function
                for key in self._keys.values()
                if key.summary is not None and key.summary.effects
            }
        return function in self._blocking

    def attempt(self, what: str, work: Callable[[], None]) -> None:
        """Do a piece of work whose failure must not end the run; `faults` tells of it."""
        kept = (
            self.stack,
            self.provisional,
            self.lowest,
            self.at_import,
            self._nesting,
            self.library_depth,
        )
        iterating, resolving = len(self.iterating), len(self.resolving)
        self.stack, self.provisional, self.lowest = [], [[]], [1 << 30]
        try:
            work()
        except Exception as error:
            for key in self.stack:
                key.summary = None
            self.faults.append(
                f"{what} could not be followed ({type(error).__name__}: {error}); "
                "this is a fault of roadworthy"
            )
        (
            self.stack,
            self.provisional,
            self.lowest,
            self.at_import,
            self._nesting,
            self.library_depth,
        ) = kept
        # What a failure left there; what was there before goes on.
        del self.iterating[iterating:]
        del self.resolving[resolving:]

    def function_at(self, module: Module, line: int) -> FunctionInfo | None:
        """Return the function whose `def` stands on a line."""
        return self._by_line.get((module, line))

    def spend_on_library(self, module: Module) -> bool:
        """Take one evaluation from the budget for a library's bodies."""
        package = module.name.partition(".")[0]
        spent = self._library_spent.get(package, 0) + 1
        self._library_spent[package] = spent
        return spent <= _LIBRARY_BUDGET

    def take_over(
        self,
        frame: Frame,
        position: int,
        name: str,
        summary: Summary,
        function: FunctionInfo,
    ) -> None:
        """Let a call's effects be its caller's."""
        use = Use(
            frame.summary, frame.module, frame.first_line, position, name, function
        )
        summary.uses.append(use)
        if summary.effects or summary.spawned:
            renewal.take_over(summary, use)

    def off_loop(self, frame: Frame, function: Value, arguments: Arguments) -> Value:
        """Return what a call gives that runs in another thread: no effect counts."""
        aside = Frame(frame.module, frame.code, frame.environment, frame.function)
        value = self.call(aside, function, arguments, 0, None)
        value = self.awaited(aside, value, 0)
        for key, kind in aside.summary.spawned.items():
            if kind == "from thread":
                frame.summary.spawned.setdefault(key, kind)
        return value

    def spawn(
        self, frame: Frame, function: Value, arguments: Arguments, kind: str
    ) -> None:
        """Let callables run on the loop later."""
        for atom in function:
            if isinstance(atom, Function):
                key = calls.bind(self, frame, atom, arguments)
                frame.summary.spawned.setdefault(key, kind)
            elif isinstance(atom, Wrapped) and atom.kind == "partial":
                bound: Arguments = atom.extra
                merged = Arguments(
                    (*bound.positional, *arguments.positional),
                    {**bound.keywords, **arguments.keywords},
                    arguments.is_open,
                )
                self.spawn(frame, atom.value, merged, kind)
            elif isinstance(atom, Suspended):
                frame.summary.spawned.setdefault(atom.call, kind)
            elif isinstance(atom, Instance):
                method = self.attribute(frame, (atom,), "__call__", 0, quiet=True)
                if method != UNKNOWN:
                    self.spawn(frame, method, arguments, kind)

    def hand_over(
        self, frame: Frame, arguments: Arguments, registry: str | None = None
    ) -> None:
        """Coroutine functions given to unknown code run on the loop, whoever calls.

        `registry` is the library whose object takes them, if one does: what a module
        gives it while it is imported is called when the service runs.
        """
        keeps = self.at_import and registry is not None and self._serves(registry)
        for value in arguments.values():
            for atom in value:
                inner = atom
                while isinstance(inner, Wrapped) and inner.kind == "partial":
                    inner = inner.value[0]
                given: Iterable[Atom] = ()
                if isinstance(inner, Function) and inner.function.code.is_async:
                    given = (atom,)
                elif isinstance(inner, Instance):
                    given = _hooks_of(inner)
                elif isinstance(inner, ClassAtom):
                    given = _overrides_of(inner)
                for one in given:
                    self.spawn(frame, (one,), Arguments((), {}, True), "callback")
                    if keeps and isinstance(one, Function):
                        if not one.function.module.is_library:
                            self.hooks.setdefault((one, registry or ""), "coroutine")

    def _serves(self, name: str) -> bool:
        """Whether what a library is given runs with the service that imports it."""
        parts = name.split(".")
        return parts[0] not in STANDARD_LIBRARY and not any(
            ".".join(parts[:count]) in self.catalogue.aside
            for count in range(1, len(parts) + 1)
        )

    # -- names -----------------------------------------------------------------------

    def lookup(self, frame: Frame, name: str) -> Value:
        """Return what a name stands for where the frame's code stands."""
        environment: Environment | None = frame.environment
        while environment is not None:
            value = environment.names.get(name)
            if value is not None:
                if environment is frame.module.environment:
                    return self._global(frame.module, name, value)
                return value
            environment = environment.parent
        return self.module_name(frame.module, name)

    def _global(self, module: Module, name: str, value: Value) -> Value:
        if self.at_import or name not in module.reassigned:
            return value
        if any(isinstance(a, Const) and not a.value for a in value):
            return join(value, UNKNOWN)
        return value

    def module_name(self, module: Module, name: str) -> Value:
        """Return a module-level name, or a builtin."""
        value = module.environment.names.get(name)
        if value is not None:
            return self._global(module, name, value)
        if module.is_library or module.state == "unloaded":
            value = self._lazy_name(module, name)
            if value is not None:
                return value
        if name in _BUILTINS:
            return self.externals.named(f"builtins.{name}")
        if name == "__name__":
            return const(module.name)
        if name == "__file__":
            return (external_instance("builtins.str"),)
        return UNKNOWN

    def _lazy_name(self, module: Module, name: str) -> Value | None:
        if module.code is None:
            return None
        if module.index is None:
            module.index = index_statements(module.code.body)
        if name in module.pending:
            return None
        nodes = module.index.get(name)
        if nodes is None:
            for star in module.index.get("*", ()):
                source = self.absolute_name(module, star[1], star[2])
                value = self.import_name(source, name)
                if without_any(value):
                    module.environment.names[name] = value
                    return value
            return None
        module.pending.add(name)
        assert module.code is not None
        frame = Frame(module, module.code, module.environment, None)
        for node in nodes:
            statements.run_block(self, frame, (node,))
        module.pending.discard(name)
        return module.environment.names.get(name)

    def bind_name(self, frame: Frame, name: str, value: Value) -> None:
        """Assign a name in the scope that the code says it belongs to."""
        code = frame.code
        if name in code.global_names and frame.function is not None:
            environment: Environment | None = frame.environment.parent
            while environment is not None and environment.parent is not None:
                if name in environment.names and environment.function_class is None:
                    environment.names[name] = join(environment.names[name], value)
                    return
                environment = environment.parent
            # What a condition told of the name before holds no longer.
            frame.environment.names.pop(name, None)
            names = frame.module.environment.names
            if self.at_import and not (
                self.importing_late and frame.module.state == "done"
            ):
                names[name] = value
            else:
                names[name] = join(names.get(name, ()), value)
            return
        frame.environment.names[name] = value

    def rebind_name(self, frame: Frame, name: str, value: Value) -> None:
        """Replace a container where it is held: in this scope or an outer one."""
        environment: Environment | None = frame.environment
        while environment is not None:
            if name in environment.names:
                environment.names[name] = value
                return
            environment = environment.parent
        frame.module.environment.names[name] = value

    def text(self, value: str) -> Value:
        """Return the value of a string."""
        return const(value)

    # -- imports ---------------------------------------------------------------------

    def absolute_name(self, module: Module, level: int, name: str | None) -> str:
        """Return the dotted name that a `from` import names."""
        if level == 0:
            return name or ""
        package = module.package
        for _ in range(level - 1):
            package = package.rpartition(".")[0]
        return f"{package}.{name}" if name and package else (name or package)

    def import_module(self, name: str) -> Value:
        """Import a module: the project's run, the others are read when needed."""
        parts = name.split(".")
        for count in range(1, len(parts) + 1):
            module = self.program.find(".".join(parts[:count]))
            if module is not None:
                self.run_module(module)
        module = self.program.find(name)
        if module is not None:
            return (intern(ModuleAtom, module),)
        if self.program.is_namespace(name):
            return external(name)
        return self.externals.named(name)

    def run_module(self, module: Module) -> None:
        """Run a module of the project from top to bottom, once."""
        if module.is_library or module.state != "unloaded" or module.code is None:
            return
        module.state = "running"
        frame = Frame(module, module.code, module.environment, None)
        body = module.code.body
        # What a function imports when it is called was not there before.
        late = self.importing_late
        self.importing_late = late or (bool(self.stack) and not self.at_import)

        def top_level() -> None:
            self.at_import = True
            statements.run_block(self, frame, body)

        # The stack of calls under way is not this module's.
        self.attempt(f"the module {module.name}", top_level)
        self.importing_late = late
        module.state = "done"

    def import_name(self, source: str, name: str) -> Value:
        """Return `name` as `from source import name` binds it."""
        module = self.program.find(source)
        if module is not None:
            self.import_module(source)
            value = self._defined(module, name)
            if value is not None:
                return value
            submodule = self.program.find(f"{source}.{name}")
            if submodule is not None:
                return self.import_module(f"{source}.{name}")
            getter = module.environment.names.get("__getattr__")
            if module.is_library:
                getter = self._lazy_name(module, "__getattr__")
            if getter:
                frame = Frame(module, module.code, module.environment, None)  # type: ignore[arg-type]
                return self.call(frame, getter, Arguments((const(name),)), 0, None)
            if module.state == "running":
                return (intern(Wrapped, "late", (intern(ModuleAtom, module),), name),)
            return UNKNOWN
        full = f"{source}.{name}"
        found = self.program.find(full)
        if found is not None or self.program.is_namespace(full):
            return self.import_module(full)
        return self.externals.named(full)

    def _defined(self, module: Module, name: str) -> Value | None:
        value = module.environment.names.get(name)
        if value is not None:
            return value
        if module.is_library:
            return self._lazy_name(module, name)
        return None

    def star_import(self, source: str) -> list[tuple[str, Value]]:
        """Return what `from source import *` binds."""
        module = self.program.find(source)
        if module is None:
            return []
        self.import_module(source)
        if module.is_library and module.code is not None:
            if module.index is None:
                module.index = index_statements(module.code.body)
            names = [n for n in module.index if not n.startswith("_") and n != "*"]
            return [(n, self._lazy_name(module, n) or UNKNOWN) for n in names]
        exported = module.environment.names.get("__all__")
        listed: set[str] | None = None
        if exported and isinstance(exported[0], Sequence) and exported[0].items:
            listed = {
                v[0].value for v in exported[0].items if v and isinstance(v[0], Const)
            }
        return [
            (name, value)
            for name, value in module.environment.names.items()
            if (name in listed if listed is not None else not name.startswith("_"))
        ]

    def module_attribute(self, module: Module, name: str) -> Value:
        """Return an attribute of a module: a name in it, or a submodule."""
        self.run_module(module)
        value = self._defined(module, name)
        if value is not None:
            return self._global(module, name, value)
        full = f"{module.name}.{name}"
        if self.program.find(full) is not None:
            return self.import_module(full)
        return UNKNOWN

    # -- definitions -----------------------------------------------------------------

    def code_of(self, node: Any) -> Code:
        """Return code as a `Code`; read back from the cache it is a plain tuple."""
        if isinstance(node, Code):
            return node
        known = self._codes.get(id(node))
        if known is None:
            known = Code(*node)
            known = known._replace(
                parameters=tuple(Parameter(*p) for p in known.parameters)
            )
            self._codes[id(node)] = known
            self._kept.append(node)
        return known

    def define_function(self, frame: Frame, code: Code) -> Value:
        """Return the function that a definition in this frame makes."""
        identity = (id(frame.module), code.first_line * 4096 + code.column, code.name)
        cls = frame.environment.function_class
        info = known = self._functions.get(identity)
        if info is None or info.code is not code:
            info = FunctionInfo(code, frame.module, cls)
            self.defined += 1
            place = (frame.module, code.first_line)
            if self._by_line.setdefault(place, info) is known:
                self._by_line[place] = info
            if cls is not None and not frame.module.is_library:
                self._methods.setdefault(code.name, {})[identity] = info
            elif known is not None and code.name in self._methods:
                self._methods[code.name].pop(identity, None)
            self._functions[identity] = info
        closure = frame.environment
        if cls is not None and frame.function is None and closure.parent is not None:
            # A class body's names are not seen from its methods.
            closure = closure.parent
        return (intern(Function, info, closure, None),)

    def decorate(
        self, frame: Frame, decorator: Value, value: Value, position: int
    ) -> Value:
        """Return a function or class as a decorator leaves it."""
        result: Value = ()
        for atom in decorator:
            if atom is ANY:
                result = join(result, value)
                continue
            made = self.call(frame, (atom,), Arguments((value,)), position, None)
            known = without_any(made)
            if isinstance(atom, Function) and atom.function.module.is_library:
                for wrapper in known:
                    if isinstance(wrapper, Function) and wrapper not in value:
                        self.wrapped.setdefault(wrapper, value)
            if isinstance(atom, (Function, ClassAtom, Instance)) and known:
                result = join(result, made if ANY not in made else known)
            else:
                result = join(result, known or value)
        return result or value

    def define_class(self, frame: Frame, node: Node) -> Value:
        """Evaluate a class definition."""
        _, name, base_nodes, keywords, decorators, raw, type_parameters = node
        code = self.code_of(raw)
        bases = tuple(self.evaluate(frame, base) for base in base_nodes)
        environment = Environment(frame.environment)
        cls = ClassInfo(name, frame.module, code, bases, {}, {}, environment)
        environment.function_class = cls
        for parameter in type_parameters:
            environment.names[parameter] = (intern(TypeVariable, parameter, UNKNOWN),)
        self._linearise(cls, type_parameters)
        for keyword, value_node in keywords:
            value = self.evaluate(frame, value_node)
            if keyword is not None:
                cls.keywords[keyword] = value
            if keyword == "metaclass":
                cls.metaclass = value
        inner = Frame(frame.module, code, environment, None)
        statements.run_block(self, inner, code.body)
        for statement in _annotated(code.body):
            cls.annotations.setdefault(statement[1][1], statement[2])
        for parameter in type_parameters:
            environment.names.pop(parameter, None)
        cls.namespace.update(environment.names)
        if not frame.module.is_library:
            self.method_names.update(environment.names)
        frame.summary.spawned.update(inner.summary.spawned)
        for base in cls.mro[1:]:
            if isinstance(base, ClassInfo) and base in self._direct_bases(cls):
                base.subclasses.append(cls)
        self._classes.append(cls)
        if not frame.module.is_library and not cls.is_protocol:
            self._concrete.append(cls)
        self._implementations.clear()
        made: Value = (intern(ClassAtom, cls, ()),)
        for base in cls.mro[1:]:
            if isinstance(base, ClassInfo) and "__init_subclass__" in base.namespace:
                for hook in base.namespace["__init_subclass__"]:
                    if isinstance(hook, Function):
                        bound = intern(Function, hook.function, hook.closure, made[0])
                        self.call(frame, (bound,), NOTHING, 0, None)
                break
        for decorator, position in reversed(decorators):
            made = self.decorate(frame, self.evaluate(frame, decorator), made, position)
        return made

    def _direct_bases(self, cls: ClassInfo) -> list[ClassInfo]:
        return [
            atom.cls
            for value in cls.bases
            for atom in value
            if isinstance(atom, ClassAtom)
        ]

    def _linearise(self, cls: ClassInfo, type_parameters: tuple[str, ...]) -> None:
        chains: list[list[ClassInfo | str]] = []
        parameters: list[str] = list(type_parameters)
        for value in cls.bases:
            for atom in value:
                if isinstance(atom, ClassAtom):
                    base = atom.cls
                    chains.append(list(base.mro))
                    for name, argument in zip(
                        base.parameters, atom.arguments, strict=False
                    ):
                        cls.variables[name] = argument
                    for name, bound in base.variables.items():
                        resolved: Value = ()
                        for part in bound:
                            if isinstance(part, TypeVariable):
                                resolved = join(
                                    resolved, cls.variables.get(part.name, (part,))
                                )
                            else:
                                resolved = join(resolved, (part,))
                        cls.variables.setdefault(name, resolved)
                    for argument in atom.arguments:
                        parameters.extend(
                            p.name for p in argument if isinstance(p, TypeVariable)
                        )
                elif isinstance(atom, External):
                    chains.append([atom.path])
                elif isinstance(atom, Wrapped) and atom.kind == "subscript":
                    generic = atom.value[0]
                    if isinstance(generic, External):
                        chains.append([generic.path])
                        inner = atom.extra
                        parts: tuple[Value, ...] = (inner,)
                        if len(inner) == 1 and isinstance(inner[0], Sequence):
                            parts = inner[0].items or ()
                        for part_value in parts:
                            parameters.extend(
                                p.name
                                for p in part_value
                                if isinstance(p, TypeVariable)
                            )
                elif isinstance(atom, ExternalInstance):
                    # A base made by a call: `declarative_base()` and the like.
                    chains.append([atom.path])
                elif isinstance(atom, Instance):
                    chains.append(list(atom.cls.mro))
        cls.parameters = tuple(dict.fromkeys(parameters))
        cls.mro = (cls, *_merged(chains))

    def instance_of(
        self, cls: ClassInfo, *, exact: bool, arguments: tuple[Value, ...] = ()
    ) -> Value:
        """Return an instance of which only the class is known."""
        return (instance(cls, exact, arguments),)

    def instance_like(self, atom: Instance, cls: ClassInfo) -> Instance:
        """Return an instance of a subclass, where an annotation named the base."""
        return instance(cls, True, atom.arguments)

    def instances_of(self, classes: Value) -> Value:
        """Return instances of classes, tuples of classes included."""
        result: Value = ()
        for atom in classes:
            if isinstance(atom, Sequence):
                for value in atom.items or ():
                    result = join(result, self.instances_of(value))
            elif isinstance(atom, Wrapped) and atom.kind == "union":
                result = join(result, self.instances_of(atom.value))
                result = join(result, self.instances_of(atom.extra))
            else:
                result = join(result, hints.instances(self, (atom,), None))
        return result or UNKNOWN

    def is_instance(self, atom: Atom, classes: Value) -> bool | None:
        """Whether an atom is an instance of one of the classes; None if unsure."""
        answers: set[bool | None] = set()
        for wanted in self._flatten(classes):
            answers.add(self._is_one(atom, wanted))
        if True in answers:
            return True
        return None if None in answers or not answers else False

    def _flatten(self, classes: Value) -> list[Atom]:
        found: list[Atom] = []
        for atom in classes:
            if isinstance(atom, Sequence) and atom.items is not None:
                for value in atom.items:
                    found.extend(self._flatten(value))
            elif isinstance(atom, Wrapped) and atom.kind == "union":
                found.extend(self._flatten(atom.value))
                found.extend(self._flatten(atom.extra))
            else:
                found.append(atom)
        return found

    def _is_protocol(self, cls: ClassInfo) -> bool:
        """Whether a class is itself a `Protocol`, not one that implements it."""
        return any(
            isinstance(part, External) and part.path.endswith(".Protocol")
            for value in cls.bases
            for atom in value
            for part in (atom.value if isinstance(atom, Wrapped) else (atom,))
        )

    def _is_one(self, atom: Atom, wanted: Atom) -> bool | None:
        if atom is ANY:
            return None
        if isinstance(atom, Instance):
            if isinstance(wanted, ClassAtom):
                if wanted.cls in atom.cls.mro:
                    return True
                if self._is_protocol(wanted.cls):
                    # Told by what an object has, not by what it inherits from.
                    names = (*wanted.cls.namespace, *wanted.cls.annotations)
                    public = [n for n in names if not n.startswith("_")]
                    return True if all(map(atom.cls.find, public)) else None
                if wanted.cls.find("__subclasshook__") is not None:
                    return None
                if atom.exact:
                    return False
                return (
                    None
                    if any(wanted.cls in s.mro for s in atom.cls.all_subclasses())
                    else False
                )
            if isinstance(wanted, External):
                if wanted.path in atom.cls.mro:
                    return True
                if wanted.path == "builtins.dict" and not _TYPED.isdisjoint(
                    atom.cls.library_bases()
                ):
                    return True
                if wanted.path.startswith("builtins.") and not any(
                    base.startswith("builtins.") for base in atom.cls.library_bases()
                ):
                    return wanted.path == "builtins.object"
            return None
        if isinstance(atom, Const):
            if isinstance(wanted, External):
                return wanted.path == f"builtins.{type(atom.value).__name__}" or (
                    wanted.path == "builtins.int" and isinstance(atom.value, bool)
                )
            return False if isinstance(wanted, ClassAtom) else None
        if isinstance(atom, ExternalInstance) and isinstance(wanted, External):
            if atom.path == wanted.path:
                return True
            if wanted.path in self.catalogue.lineage(atom.path):
                return True
            if atom.path.startswith("builtins.") and wanted.path.startswith(
                "builtins."
            ):
                return False
            return None
        if isinstance(atom, Sequence) and isinstance(wanted, External):
            if wanted.path == f"builtins.{atom.kind}":
                return True
            if wanted.path in ("builtins.str", "builtins.dict", "builtins.int"):
                return False
        if isinstance(atom, (Function, Suspended)) and isinstance(wanted, External):
            return False if wanted.path.startswith("builtins.") else None
        return None

    def is_enumeration(self, cls: ClassInfo) -> bool:
        """Whether a class is an enumeration."""
        return any(base.startswith("enum.") for base in cls.library_bases())

    def is_generic(self, cls: ClassInfo) -> bool:
        """Whether subscripting the class names type arguments."""
        return bool(cls.parameters) or any(
            base.endswith((".Generic", ".Protocol")) for base in cls.library_bases()
        )

    def implementations(self, cls: ClassInfo) -> tuple[ClassInfo, ...]:
        """Return the classes that may stand where `cls` is annotated."""
        found = self._implementations.get(cls)
        if found is None:
            classes = list(cls.all_subclasses())
            if cls.is_protocol:
                known = set(classes)
                classes.extend(
                    other for other in self._structural(cls) if other not in known
                )
            found = self._implementations[cls] = tuple(classes)
        return found

    def _structural(self, cls: ClassInfo) -> list[ClassInfo]:
        """Return the project's classes that have all methods of a Protocol."""
        methods = frozenset(
            name
            for name, value in cls.namespace.items()
            if any(isinstance(a, (Function, Wrapped)) for a in value)
            and not name.startswith("__")
        )
        if not methods:
            return []
        seen, found = self._fitting.get((cls, methods), (0, []))
        found.extend(
            other
            for other in self._concrete[seen:]
            if other is not cls and all(other.find(name) for name in methods)
        )
        self._fitting[cls, methods] = (len(self._concrete), found)
        return found

    # -- fields ----------------------------------------------------------------------

    def set_field(self, atom: Instance, name: str, value: Value) -> None:
        """Let an instance's attribute be (also) a value."""
        known = atom.fields.get(name)
        atom.fields[name] = value if known is None else join(known, value)

    def may_change(self, cls: ClassInfo, name: str, value: Value) -> bool:
        """Whether a falsy attribute may be something else by the time it is read."""
        if not any(isinstance(a, Const) and not a.value for a in value):
            return False
        for base in cls.mro:
            if isinstance(base, ClassInfo):
                for method_name, method in base.namespace.items():
                    if method_name == "__init__":
                        continue
                    for atom in method:
                        function = atom
                        while isinstance(function, Wrapped) and function.value:
                            function = function.value[0]
                        if (
                            isinstance(function, Function)
                            and name in function.function.code.self_attributes
                        ):
                            return True
        # Set from outside: `service.client = …` cannot be told from here.
        return any(isinstance(a, Const) and a.value is None for a in value)

    def parameter_type(self, atom: Instance, name: str) -> Value:
        """Return what the constructor's parameter of an attribute's name may be given."""
        found = atom.cls.find("__init__")
        for method in found[1] if found is not None else ():
            if isinstance(method, Function):
                for parameter in method.function.code.parameters:
                    if parameter.name == name.lstrip("_") and parameter.annotation:
                        bound = intern(Function, method.function, method.closure, atom)
                        if isinstance(bound, Function):
                            return without_any(
                                self.annotation_value(bound, parameter.annotation)
                            )
        return ()

    def prepare(self, atom: Instance, name: str) -> None:
        """Run the methods that give an instance its attribute, if none did yet."""
        if name in atom.fields or (atom, name) in self._preparing:
            return
        self._preparing.add((atom, name))
        cls = atom.cls
        for base in cls.mro:
            if not isinstance(base, ClassInfo):
                continue
            for method_name, method in base.namespace.items():
                if method_name == "__init__" and atom.prepared:
                    continue
                for held in method:
                    function: Atom = held
                    while isinstance(function, Wrapped) and function.value:
                        function = function.value[0]
                    if (
                        isinstance(function, Function)
                        and name in function.function.code.self_attributes
                    ):
                        bound = intern(
                            Function, function.function, function.closure, atom
                        )
                        assert isinstance(bound, (Function, type(ANY)))
                        if isinstance(bound, Function):
                            key = calls.bind(self, None, bound, Arguments((), {}, True))
                            self.summary_of(key)

    # -- annotations -----------------------------------------------------------------

    def annotated(self, frame: Frame, node: Node) -> Value:
        """Return the value of something annotated so in this frame."""
        receiver = frame.environment.receiver
        return hints.instances(self, self.evaluate(frame, node), receiver)

    def annotation_types(self, atom: Function, node: Node) -> Value:
        """Return the types that a function's annotation names."""
        function = atom.function
        environment = Environment(atom.closure, function.cls)
        frame = Frame(function.module, function.code, environment, function)
        return self.evaluate(frame, node)

    def annotation_value(self, atom: Function, node: Node) -> Value:
        """Return the value that a parameter annotated so has."""
        types = self.annotation_types(atom, node)
        return hints.instances(self, types, atom.receiver)

    def default_value(self, atom: Function, node: Node) -> Value:
        """Return the value of a parameter's default."""
        function = atom.function
        environment = Environment(atom.closure, function.cls)
        frame = Frame(function.module, function.code, environment, function)
        value = self.evaluate(frame, node)
        if any(
            isinstance(part, Wrapped) and part.kind == "subscript" for part in value
        ):
            # `service: Service = Provide[Container.service]`
            told: Value = ()
            for part in value:
                told = join(told, containers.injected(self, part) or (part,))
            return told
        return value

    def declared_return(self, key: CallKey) -> Value:
        """Return the value that a function's return annotation promises."""
        code = key.function.code
        if code.returns is None:
            return UNKNOWN
        environment = Environment(key.closure, key.function.cls, key.receiver)
        frame = Frame(key.function.module, code, environment, key.function)
        types = self.evaluate(frame, code.returns)
        if not hints.has_variable(types):
            return hints.instances(self, types, key.receiver)
        outer, self.told_variables = self.told_variables, self._given_classes(key)
        value = hints.instances(self, types, key.receiver)
        self.told_variables = outer
        return value

    def _given_classes(self, key: CallKey) -> dict[str, Value]:
        """Return what `type[T]` parameters of a call say of their variables."""
        told: dict[str, Value] = {}
        code = key.function.code
        environment = Environment(key.closure, key.function.cls, key.receiver)
        frame = Frame(key.function.module, code, environment, key.function)
        for parameter, (_, given) in zip(code.parameters, key.bound, strict=True):
            if parameter.annotation is not None:
                classes = tuple(
                    a for a in given if isinstance(a, (ClassAtom, External))
                )
                if classes:
                    types = self.evaluate(frame, parameter.annotation)
                    name = hints.class_variable(types)
                    if name is not None:
                        told[name] = classes
        return told

    def yielded(self, key: CallKey, summary: Summary) -> Value:
        """Return what a generator hands out, by its body and its annotation."""
        if key.function.code.returns is None:
            return summary.yields or UNKNOWN
        declared: Value = ()
        for atom in self.declared_return(key):
            if isinstance(atom, Sequence):
                declared = join(declared, without_any(atom.element))
        return self.widened(summary.yields, declared) or UNKNOWN

    def widened(self, value: Value, declared: Value) -> Value:
        """Return a value with what an annotation promises besides.

        Where nothing that the body gives is of the promised class, the body was not
        seen whole: a service locator, or a stand-in for one of several cases.
        """
        promised = without_any(declared)
        if not promised or any(self._keeps(atom, promised) for atom in value):
            return value or promised
        return join(value, promised)

    def _keeps(self, atom: Atom, promised: Value) -> bool:
        for wanted in promised:
            if isinstance(wanted, Instance):
                if isinstance(atom, Instance) and (
                    wanted.cls in atom.cls.mro
                    or atom.cls in self.implementations(wanted.cls)
                ):
                    return True
            elif isinstance(wanted, ExternalInstance):
                if wanted.path.startswith("builtins."):
                    return True
                if isinstance(atom, ExternalInstance) and (
                    wanted.path in self.catalogue.lineage(atom.path)
                ):
                    return True
                if isinstance(atom, Instance) and wanted.path in atom.cls.mro:
                    return True
            else:
                return True
        return False

    def declared_attribute(self, atom: Instance, name: str) -> Value:
        """Return the value that a class-level annotation promises an attribute."""
        for base in atom.cls.mro:
            if isinstance(base, ClassInfo) and name in base.annotations:
                frame = Frame(base.module, base.code, base.environment, None)
                types = self.evaluate(frame, base.annotations[name])
                declared = self.framework.injected_annotation(frame, types, atom)  # type: ignore[attr-defined]
                if declared is not None:
                    return declared  # type: ignore[no-any-return]
                return hints.instances(self, types, atom)
        return ()

    # -- calls -----------------------------------------------------------------------

    def call(
        self,
        frame: Frame,
        function: Value,
        arguments: Arguments,
        position: int,
        node: Node | None,
    ) -> Value:
        """Return what calling a value gives."""
        result: Value = ()
        if position == frame.awaiting and len(function) > 1:
            # What is awaited is a coroutine: where one alternative makes one, the
            # others cannot be meant.
            if any(_is_coroutine_function(atom) for atom in function):
                function = tuple(
                    atom
                    for atom in function
                    if not isinstance(atom, Function) or _is_coroutine_function(atom)
                )
        if self._nesting > _DEEPEST_NESTING:
            return UNKNOWN
        self._nesting += 1
        for atom in function:
            if atom is ANY:
                self.hand_over(frame, arguments)
                result = join(result, UNKNOWN)
            else:
                result = join(
                    result, calls.call_atom(self, frame, atom, arguments, position)
                )
        self._nesting -= 1
        if not result or result == UNKNOWN:
            if node is not None and function == UNKNOWN and position != frame.awaiting:
                place = (frame.module, position, frame.first_line)
                frame.summary.unresolved[place] = ""
                named = node[1]
                if named[0] == c.ATTR and named[2] in _PATH_METHODS:
                    path = f"pathlib.Path.{named[2]}"
                    self.externals.note(frame, path, arguments, position)
        return result or UNKNOWN

    def call_special(
        self, frame: Frame, atom: Atom, arguments: Arguments, position: int
    ) -> Value:
        """Call what is no function: a wrapper of the framework's or of `typing`."""
        if isinstance(atom, Wrapped):
            if atom.kind == "inherited":
                base = atom.value[0]
                assert isinstance(base, External)
                return self.externals.call(
                    frame, base.path, atom.extra, arguments, position
                )
            if atom.kind == "wraps":
                for part in arguments.get(0) or ():
                    self.wrapped[part] = atom.value
                return arguments.get(0) or UNKNOWN
            if atom.kind == "blocking bridge":
                self.externals.note(
                    frame, "asgiref.sync.AsyncToSync.__call__", arguments, position
                )
                return self.off_loop(frame, atom.value, arguments)
            if atom.kind == "decorator":
                return atom.extra(self, frame, arguments, position)  # type: ignore[no-any-return]
            if atom.kind == "property setter":
                held = atom.value[0]
                assert isinstance(held, Wrapped)
                setter = arguments.get(0) or UNKNOWN
                extra = setter if atom.extra == "setter" else held.extra
                return (intern(Wrapped, held.kind, held.value, extra),)
            if atom.kind == "dispatch register":
                return self._register(frame, atom, arguments)
            if atom.kind == "dispatched":
                return self._dispatch(frame, atom, arguments, position)
            if atom.kind == "cell get":
                kept = self.warmed.get(("cell", atom.extra), ())
                return join(kept, arguments.get(0) or ()) or UNKNOWN
            if atom.kind == "cell set":
                cell = ("cell", atom.extra)
                given = arguments.get(0) or UNKNOWN
                self.warmed[cell] = join(self.warmed.get(cell, ()), given)
                return UNKNOWN
            if atom.kind == "late":
                return self.call(frame, self.settle(atom), arguments, position, None)
            if atom.kind == "weak reference":
                return atom.value
            if atom.kind == "subscript":
                return self.call(frame, atom.value, arguments, position, None)
        made = self.framework.call_atom(frame, atom, arguments, position)
        return made if made is not None else UNKNOWN

    def _register(self, frame: Frame, atom: Wrapped, arguments: Arguments) -> Value:
        generic = atom.value[0]
        assert isinstance(generic, Wrapped)
        given = arguments.get(0) or UNKNOWN
        if len(arguments.positional) > 1:
            generic.extra.append((given, arguments.positional[1]))
            return arguments.positional[1]
        if any(isinstance(part, Function) for part in given):
            for part in given:
                if isinstance(part, Function):
                    types = UNKNOWN
                    parameters = part.function.code.parameters
                    if parameters and parameters[0].annotation is not None:
                        types = self.annotation_types(part, parameters[0].annotation)
                    generic.extra.append((types, given))
            return given

        def remember(
            ev: Evaluator, inner: Frame, decorated: Arguments, position: int
        ) -> Value:
            function = decorated.get(0) or UNKNOWN
            generic.extra.append((given, function))
            return function

        return (Wrapped("decorator", (), remember),)

    def _dispatch(
        self, frame: Frame, atom: Wrapped, arguments: Arguments, position: int
    ) -> Value:
        first = arguments.get(0) or UNKNOWN
        candidates: Value = ()
        for types, function in atom.extra:
            verdicts = {self.is_instance(part, types) for part in first}
            if verdicts == {True}:
                return self.call(frame, function, arguments, position, None)
            if verdicts != {False}:
                candidates = join(candidates, function)
        return self.call(frame, join(atom.value, candidates), arguments, position, None)

    def settle(self, atom: Wrapped) -> Value:
        """Return what a name imported from a module under way has become.

        In a circle of imports it may have become such a name again, or itself: only
        what it is at the end of the chain is returned.
        """
        result: Value = ()
        seen: set[Atom] = set()
        waiting: list[Atom] = [atom]
        while waiting:
            late = waiting.pop()
            if not isinstance(late, Wrapped) or late.kind != "late":
                result = join(result, (late,))
            elif late not in seen:
                seen.add(late)
                module = late.value[0]
                assert isinstance(module, ModuleAtom)
                names = module.module.environment.names
                waiting.extend(reversed(names.get(late.extra, UNKNOWN)))
        return result or UNKNOWN

    def special_attribute(
        self, frame: Frame, atom: Atom, name: str, position: int
    ) -> Value:
        """Return an attribute of what is neither instance nor class nor module."""
        if isinstance(atom, Wrapped) and atom.kind == "late":
            return self.attribute(frame, self.settle(atom), name, position)
        if isinstance(atom, Wrapped) and atom.kind == "inherited":
            base = atom.value[0]
            assert isinstance(base, External)
            return (
                intern(
                    Wrapped, "inherited", external(f"{base.path}.{name}"), atom.extra
                ),
            )
        if isinstance(atom, Wrapped) and atom.kind == "namespace":
            return atom.extra.get(name, UNKNOWN)  # type: ignore[no-any-return]
        made = self.framework.attribute(frame, atom, name)
        if made is not None:
            return made
        if isinstance(atom, Function):
            held = self.warmed.get(("attribute", atom.function, name))
            if held is not None:
                return held
        if isinstance(atom, Awaitable):
            return UNKNOWN
        return UNKNOWN

    def set_special_attribute(
        self, frame: Frame, atom: Atom, name: str, value: Value
    ) -> None:
        """Set an attribute of what is neither instance nor class nor module."""
        if isinstance(atom, Function):
            self.warmed[("attribute", atom.function, name)] = value
            return
        if isinstance(atom, Wrapped) and atom.kind == "namespace":
            atom.extra[name] = join(atom.extra.get(name, ()), value)
            return
        if isinstance(atom, External):
            # `Base.query = Session.query_property()`
            self.externals.added[f"{atom.path}.{name}"] = value
            return
        self.framework.set_attribute(frame, atom, name, value)

    def awaited(self, frame: Frame, value: Value, position: int) -> Value:
        """Return what awaiting a value gives."""
        result: Value = ()
        for atom in value:
            if isinstance(atom, Suspended) and atom.kind == "coroutine":
                summary = self.summary_of(atom.call)
                result = join(result, calls.result_of(self, atom.call, summary))
            elif isinstance(atom, Awaitable):
                result = join(result, atom.value)
            elif isinstance(atom, Instance) and atom.cls.find("__await__"):
                method = self.attribute(frame, (atom,), "__await__", position)
                made = self.call(frame, method, NOTHING, position, None)
                for one in made:
                    if isinstance(one, Suspended) and one.kind == "generator":
                        summary = self.summary_of(one.call)
                        self.take_over(
                            frame,
                            position,
                            one.call.function.qualified_name,
                            summary,
                            one.call.function,
                        )
                        result = join(result, summary.returns or UNKNOWN)
            else:
                result = join(result, (atom,))
        return result or UNKNOWN

    def test(self, frame: Frame, node: Node) -> bool | None:
        """Evaluate a condition; return its outcome if it is certain."""
        return self.truth_of(frame, node, self.evaluate(frame, node))

    def truth_of(self, frame: Frame, node: Node, value: Value) -> bool | None:
        """Ask a value for its truth, as a condition does: `__bool__` or `__len__`."""
        for atom in value:
            if isinstance(atom, Instance):
                for name in ("__bool__", "__len__"):
                    if self.special(frame, (atom,), name, (), _position(node)):
                        break
            elif isinstance(atom, ExternalInstance):
                self.externals.special(frame, atom, "__bool__", _position(node))
        return truth(value)

    def iterate_for_test(self, frame: Frame, value: Value, position: int) -> None:
        """Iterate as `in` does over what has no `__contains__`."""
        for atom in value:
            if isinstance(atom, Suspended) or (
                isinstance(atom, Instance) and atom.cls.find("__iter__")
            ):
                self.iterate(frame, (atom,), position, is_async=False)

    # -- the rest lives in its own modules ---------------------------------------------

    def attribute(
        self,
        frame: Frame,
        owner: Value,
        name: str,
        position: int,
        *,
        called: bool = False,
        quiet: bool = False,
    ) -> Value:
        """Return `owner.name`."""
        return attributes.attribute(
            self, frame, owner, name, position, called=called, quiet=quiet
        )

    def set_attribute(
        self, frame: Frame, atom: Atom, name: str, value: Value, position: int
    ) -> None:
        """Carry out `atom.name = value`."""
        attributes.set_attribute(self, frame, atom, name, value, position)

    def set_item(self, frame: Frame, target: Node, value: Value) -> None:
        """Carry out `owner[index] = value`."""
        attributes.set_item(self, frame, target, value)

    def item(self, frame: Frame, owner: Value, index: Value, position: int) -> Value:
        """Return `owner[index]`."""
        return attributes.item(self, frame, owner, index, position)

    def mutate(
        self, frame: Frame, node: Node, owner: Value, arguments: Arguments
    ) -> bool:
        """Carry out a container's method that changes it."""
        return attributes.mutate(self, frame, node, owner, arguments)

    def builtin_method(
        self, frame: Frame, atom: Wrapped, arguments: Arguments, position: int
    ) -> Value:
        """Call a method of a list, dict or string."""
        return attributes.builtin_method(self, frame, atom, arguments, position)

    def element_of(self, frame: Frame, atom: Atom) -> Value:
        """Return what iterating over an atom yields."""
        return attributes.element_of(self, frame, atom)

    def iterate(
        self, frame: Frame, value: Value, position: int, *, is_async: bool
    ) -> Value:
        """Return the elements of an iteration."""
        return attributes.iterate(self, frame, value, position, is_async=is_async)

    def enter(
        self, frame: Frame, manager: Value, position: int, *, is_async: bool
    ) -> Value:
        """Enter and leave a `with` block."""
        return attributes.enter(self, frame, manager, position, is_async=is_async)

    def binary(
        self,
        frame: Frame,
        operator: str,
        left: Value,
        right: Value,
        position: int,
        in_place: bool = False,
    ) -> Value:
        """Return `left operator right`."""
        return attributes.binary(self, frame, operator, left, right, position, in_place)

    def special(
        self,
        frame: Frame,
        owner: Value,
        name: str,
        arguments: tuple[Value, ...],
        position: int,
    ) -> bool:
        """Call a special method, if the project defines it."""
        return attributes.special(self, frame, owner, name, arguments, position)

    def ask(self, frame: Frame, owner: Value, name: str, position: int) -> Value:
        """Ask the type checker what an attribute is that the values do not tell."""
        if self.questions is None or frame.module.is_library or self.at_import:
            return ()
        return self.questions.members(frame, name, position)


def _is_coroutine_function(atom: Atom) -> bool:
    return isinstance(atom, Function) and atom.function.code.is_async


_TYPED = frozenset({"typing.TypedDict", "typing_extensions.TypedDict"})
"""Bases whose instances are dictionaries when the code runs."""


def _hooks_of(atom: Instance) -> Iterator[Atom]:
    """Yield the coroutines of an object of a library's kind that is given to it."""
    cls = atom.cls
    if cls.is_plain or cls.module.is_library or not _is_of_library(cls):
        return
    for base in cls.mro:
        if isinstance(base, ClassInfo) and not base.module.is_library:
            yield from _coroutines(base.namespace.values(), atom)


def _overrides_of(atom: ClassAtom) -> Iterator[Atom]:
    """Yield the hooks of a class given to the library that makes the instance."""
    cls = atom.cls
    if cls.is_plain or cls.module.is_library:
        return
    library = [
        base
        for base in cls.mro
        if isinstance(base, ClassInfo) and base.module.is_library
    ]
    if library:
        made = instance(cls, True, atom.arguments)
        overrides = (
            value
            for name, value in cls.namespace.items()
            if any(_makes_coroutine(base.namespace.get(name, ())) for base in library)
        )
        yield from _coroutines(overrides, made)


def _coroutines(values: Iterable[Value], receiver: Instance) -> Iterator[Atom]:
    for value in values:
        for method in value:
            if isinstance(method, Function) and method.function.code.is_async:
                yield intern(Function, method.function, method.closure, receiver)


def _makes_coroutine(value: Value) -> bool:
    return any(_is_coroutine_function(atom) for atom in value)


def _is_of_library(cls: ClassInfo) -> bool:
    """Whether a class inherits from a library's, one that is read included."""
    return any(
        (
            base.partition(".")[0] not in _PLAIN_BASES
            if isinstance(base, str)
            else base.module.is_library
        )
        for base in cls.mro
    )


_POSITIONS = {c.NAME: 2, c.ATTR: 3, c.CALL: 4, c.AWAIT: 2, c.COMPARE: 4}


def _position(node: Node) -> int:
    index = _POSITIONS.get(node[0])
    if index is not None:
        return int(node[index])
    for part in node[1:]:
        if isinstance(part, tuple) and part and isinstance(part[0], int):
            return _position(part)
        if isinstance(part, tuple) and part and isinstance(part[0], tuple):
            return _position(part[0])
    return 0


def _merged(chains: list[list[ClassInfo | str]]) -> list[ClassInfo | str]:
    """Merge the bases' resolution orders as Python does (C3).

    Where that fails, as it may when a base is unknown, each base keeps its first place.
    """
    waiting = [list(chain) for chain in chains if chain]
    waiting.append([chain[0] for chain in chains if chain])
    order: list[ClassInfo | str] = []
    while any(waiting):
        waiting = [chain for chain in waiting if chain]
        for chain in waiting:
            head = chain[0]
            if not any(head in other[1:] for other in waiting):
                break
        else:
            rest = (base for chain in waiting for base in chain)
            return list(dict.fromkeys([*order, *rest]))
        order.append(head)
        for chain in waiting:
            if chain[0] is head or chain[0] == head:
                del chain[0]
    return order


def _annotated(body: Iterable[Node]) -> Iterable[Node]:
    for statement in body:
        if statement[0] == c.ANN_ASSIGN and statement[1][0] == c.NAME:
            yield statement
        elif statement[0] == c.IF:
            yield from _annotated(statement[2])


__all__ = ["Evaluator", "Framework", "TypeQuestions", "sequence"]
