"""Abstract values: what a name may stand for while the code runs.

A *value* is a tuple of *atoms*; each atom is one thing that the expression may be.
`ANY` among them says that it may be something else besides. Atoms are interned, so that
values compare and hash by identity and can be part of memo keys.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from roadworthy.values.program import ClassInfo, FunctionInfo, Module

_WIDEST = 8
"""Values with more alternatives than this are cut and marked with ANY."""
_MOST_CODE = 40
"""Functions, classes and objects that one value may be: tables of handlers are long."""


class Atom:
    """One thing that an expression may stand for."""

    __slots__ = ()

    depth = 0
    """How deeply values are nested in this one; bounded to keep analysis finite."""


Value = tuple[Atom, ...]


class _Any(Atom):
    __slots__ = ()

    def __repr__(self) -> str:
        return "ANY"


ANY: Atom = _Any()
UNKNOWN: Value = (ANY,)


class Const(Atom):
    """A constant: None, a bool, an int or a short string."""

    __slots__ = ("value",)

    def __init__(self, value: Any) -> None:
        self.value = value

    def __repr__(self) -> str:
        return f"Const({self.value!r})"


class ModuleAtom(Atom):
    """A module whose source is read."""

    __slots__ = ("module",)

    def __init__(self, module: Module) -> None:
        self.module = module

    def __repr__(self) -> str:
        return f"Module({self.module.name})"


class External(Atom):
    """Something of a library or of the standard library, by dotted public name."""

    __slots__ = ("path",)

    def __init__(self, path: str) -> None:
        self.path = path

    def __repr__(self) -> str:
        return f"External({self.path})"


class ExternalInstance(Atom):
    """An instance of a library's class."""

    __slots__ = ("arguments", "depth", "path")

    def __init__(self, path: str, arguments: tuple[Value, ...]) -> None:
        self.path = path
        self.arguments = arguments
        self.depth = 1 + _depth(arguments)

    def __repr__(self) -> str:
        return f"<{self.path}{list(self.arguments) if self.arguments else ''}>"


class ExternalAttribute(Atom):
    """An attribute (mostly a method) of an instance of a library's class."""

    __slots__ = ("depth", "names", "owner")

    def __init__(self, owner: Atom, names: tuple[str, ...]) -> None:
        self.owner = owner
        self.names = names
        self.depth = 1 + owner.depth

    def __repr__(self) -> str:
        return f"{self.owner}.{'.'.join(self.names)}"


class ClassAtom(Atom):
    """A class whose source is read."""

    __slots__ = ("arguments", "cls", "depth")

    def __init__(self, cls: ClassInfo, arguments: tuple[Value, ...]) -> None:
        self.cls = cls
        self.arguments = arguments
        self.depth = 1 + _depth(arguments)

    def __repr__(self) -> str:
        return f"Class({self.cls.qualified_name})"


class Instance(Atom):
    """An instance of a class whose source is read.

    `key` tells instances apart by what their constructor was given; `exact` is false
    where only an annotation says the class, so that a subclass may stand there.
    """

    __slots__ = ("arguments", "cls", "depth", "exact", "fields", "key", "prepared")

    def __init__(
        self,
        cls: ClassInfo,
        exact: bool,
        arguments: tuple[Value, ...],
        key: tuple[Any, ...],
        depth: int,
    ) -> None:
        self.cls = cls
        self.exact = exact
        self.arguments = arguments
        self.key = key
        self.depth = depth
        self.fields: dict[str, Value] = {}
        self.prepared = False

    def __repr__(self) -> str:
        return f"<{self.cls.qualified_name}>"


class Function(Atom):
    """A function whose source is read, with what it closes over and is bound to."""

    __slots__ = ("closure", "depth", "function", "receiver")

    def __init__(
        self, function: FunctionInfo, closure: Environment, receiver: Atom | None
    ) -> None:
        self.function = function
        self.closure = closure
        self.receiver = receiver
        self.depth = 1 + (receiver.depth if receiver is not None else 0)

    def __repr__(self) -> str:
        return f"Function({self.function.qualified_name})"


class Wrapped(Atom):
    """A callable in a wrapper: a property, classmethod, partial, cached function, …"""

    __slots__ = ("depth", "extra", "kind", "value")

    def __init__(self, kind: str, value: Value, extra: Any) -> None:
        self.kind = kind
        self.value = value
        self.extra = extra
        self.depth = 1 + _depth((value,))

    def __repr__(self) -> str:
        return f"{self.kind}({self.value})"


class Sequence(Atom):
    """A list, tuple, set or plain iterator; `items` where each element is known."""

    __slots__ = ("depth", "element", "items", "kind")

    def __init__(
        self, kind: str, items: tuple[Value, ...] | None, element: Value
    ) -> None:
        self.kind = kind
        self.items = items
        self.element = element
        self.depth = 1 + max(_depth((element,)), _depth(items or ()))

    def __repr__(self) -> str:
        return f"{self.kind}{self.items if self.items is not None else self.element}"


class Mapping(Atom):
    """A dictionary; `items` where each key is known."""

    __slots__ = ("depth", "element", "items", "key")

    def __init__(
        self, items: tuple[tuple[Any, Value], ...] | None, key: Value, element: Value
    ) -> None:
        self.items = items
        self.key = key
        self.element = element
        self.depth = 1 + max(
            _depth((element,)), _depth(tuple(v for _, v in items or ()))
        )

    def __repr__(self) -> str:
        return f"dict{self.items if self.items is not None else self.element}"


class Suspended(Atom):
    """A call whose body has not run yet: a coroutine, generator or context manager.

    `kind` is one of ``coroutine``, ``generator``, ``async generator``, ``context`` and
    ``async context``; `call` names the call in the evaluator's memo.
    """

    __slots__ = ("call", "kind")

    def __init__(self, kind: str, call: Any) -> None:
        self.kind = kind
        self.call = call

    def __repr__(self) -> str:
        return f"{self.kind}(…)"


class Awaitable(Atom):
    """Something whose awaiting gives `value`."""

    __slots__ = ("depth", "value")

    def __init__(self, value: Value) -> None:
        self.value = value
        self.depth = 1 + _depth((value,))

    def __repr__(self) -> str:
        return f"Awaitable({self.value})"


class Super(Atom):
    """`super()` in a method."""

    __slots__ = ("cls", "receiver")

    def __init__(self, cls: ClassInfo, receiver: Atom) -> None:
        self.cls = cls
        self.receiver = receiver

    def __repr__(self) -> str:
        return f"super({self.cls.qualified_name})"


class TypeVariable(Atom):
    """A type variable, with its bound."""

    __slots__ = ("bound", "name")

    def __init__(self, name: str, bound: Value) -> None:
        self.name = name
        self.bound = bound

    def __repr__(self) -> str:
        return f"TypeVar({self.name})"


class Environment:
    """The names of one scope while it is evaluated."""

    __slots__ = ("function_class", "names", "parent", "receiver")

    def __init__(
        self,
        parent: Environment | None,
        function_class: ClassInfo | None = None,
        receiver: Atom | None = None,
    ) -> None:
        self.names: dict[str, Value] = {}
        self.parent = parent
        self.function_class = function_class
        self.receiver = receiver


_interned: dict[Any, Atom] = {}


def forget_all() -> None:
    """Drop all interned atoms; a new run begins with none."""
    _interned.clear()
    _constants.clear()
    for value in (NONE, TRUE, FALSE):
        # These stand in the code of the evaluator: they stay the one of their kind.
        atom = value[0]
        assert isinstance(atom, Const)
        _constants[(type(atom.value), atom.value)] = value


_constants: dict[tuple[type, Any], Value] = {}


def const(value: Any) -> Value:
    """Return the value of a constant."""
    key = (type(value), value)
    found = _constants.get(key)
    if found is None:
        found = _constants[key] = (Const(value),)
    return found


NONE: Value = const(None)
TRUE: Value = const(True)
FALSE: Value = const(False)


def external(path: str) -> Value:
    """Return the value that a library's name stands for."""
    return (external_atom(path),)


def external_atom(path: str) -> External:
    """Return the atom of a library's dotted name."""
    key = (External, path)
    found = _interned.get(key)
    if found is None:
        found = _interned[key] = External(path)
    assert isinstance(found, External)
    return found


DEEPEST = 6


def external_instance(path: str, arguments: tuple[Value, ...] = ()) -> ExternalInstance:
    """Return an instance of the library class `path` with type arguments."""
    if arguments and _depth(arguments) >= DEEPEST:
        arguments = ()
    key = (ExternalInstance, path, arguments)
    found = _interned.get(key)
    if found is None:
        found = _interned[key] = ExternalInstance(path, arguments)
    assert isinstance(found, ExternalInstance)
    return found


def external_attribute(owner: Atom, names: tuple[str, ...]) -> Atom:
    """Return the atom for an attribute path on an instance of a library class."""
    if len(names) > DEEPEST:
        return ANY
    return intern(ExternalAttribute, owner, names)


def intern(kind: type[Atom], *arguments: Any) -> Atom:
    """Return the one atom of this kind with these parts."""
    key = (kind, *arguments)
    found = _interned.get(key)
    if found is None:
        made = kind(*arguments)
        if made.depth > DEEPEST:
            return ANY
        found = _interned[key] = made
    return found


def instance(
    cls: ClassInfo,
    exact: bool,
    arguments: tuple[Value, ...] = (),
    key: tuple[Any, ...] = (),
    depth: int = 0,
) -> Instance:
    """Return the instance of `cls` that its constructor's arguments tell apart."""
    depth = 1 + max(depth, _depth(arguments))
    # Room is left for a bound method and a wrapper round it.
    if depth > DEEPEST - 2:
        arguments, key, depth = (), (), 1
    identity = (Instance, cls, exact, arguments, key)
    found = _interned.get(identity)
    if found is None:
        found = _interned[identity] = Instance(cls, exact, arguments, key, depth)
    assert isinstance(found, Instance)
    return found


def join(left: Value, right: Value) -> Value:
    """Return the value that may be either of two."""
    if left is right or not right:
        return left
    if not left:
        return right
    added = [atom for atom in right if atom not in left]
    if not added:
        return left
    joined = (*left, *added)
    if len(joined) > _WIDEST:
        kept = _by_base(joined)
        return kept if len(kept) <= _WIDEST else _cut(kept)
    return joined


def _cut(atoms: tuple[Atom, ...]) -> Value:
    """Keep the alternatives that fit; of code that may run, nearly all do."""
    kept: list[Atom] = []
    code = data = 0
    for atom in atoms:
        if isinstance(atom, (Function, ClassAtom, Instance)):
            code += 1
            fits = code <= _MOST_CODE
        else:
            data += atom is not ANY
            fits = atom is not ANY and data < _WIDEST
        if fits:
            kept.append(atom)
    return tuple(kept) if len(kept) == len(atoms) else (*kept, ANY)


_FAMILY = 3
"""From how many instances of classes with a common base on the base stands for them."""


def _by_base(atoms: tuple[Atom, ...]) -> tuple[Atom, ...]:
    """Let the base stand for many instances whose classes inherit from it."""
    families: dict[ClassInfo, list[Atom]] = {}
    for atom in atoms:
        root = _root(atom)
        if root is not None:
            families.setdefault(root, []).append(atom)
    made: dict[Atom, None] = {}
    for atom in atoms:
        root = _root(atom)
        if root is not None and len(families[root]) >= _FAMILY:
            atom = instance(root, False)
        made[atom] = None
    return tuple(made)


def _root(atom: Atom) -> ClassInfo | None:
    """Return the class that an instance's class inherits from in the end."""
    if not isinstance(atom, Instance):
        return None
    classes = [base for base in atom.cls.mro if not isinstance(base, str)]
    return classes[-1] if classes else None


def join_all(values: Any) -> Value:
    """Return the value that may be any of several; UNKNOWN for none."""
    joined: Value = ()
    for value in values:
        joined = join(joined, value)
    return joined or UNKNOWN


def without_any(value: Value) -> Value:
    """Return the alternatives that are known."""
    if ANY not in value:
        return value
    return tuple(atom for atom in value if atom is not ANY)


def sequence(kind: str, items: tuple[Value, ...] | None, element: Value) -> Value:
    """Return a list, tuple, set or iterator value."""
    return (intern(Sequence, kind, items, element),)


def truth(value: Value) -> bool | None:
    """Return whether the value is true or false in a test; None when it may be both."""
    answer: bool | None = None
    for atom in value:
        one = _atom_truth(atom)
        if one is None or (answer is not None and one is not answer):
            return None
        answer = one
    return answer


_ALWAYS_TRUE = (ModuleAtom, ClassAtom, Function, Suspended, Super)


def _atom_truth(atom: Atom) -> bool | None:
    if isinstance(atom, Const):
        return bool(atom.value)
    if isinstance(atom, _ALWAYS_TRUE):
        return True
    if isinstance(atom, Instance):
        return True if atom.exact and not atom.cls.has_truth_method else None
    if isinstance(atom, Sequence) and atom.items is not None:
        # An empty list may have been filled since; a full one is seldom emptied.
        return True if atom.items else (False if atom.kind == "tuple" else None)
    if isinstance(atom, Mapping) and atom.items:
        return True
    return None


def _depth(values: tuple[Value, ...]) -> int:
    deepest = 0
    for value in values:
        for atom in value:
            if atom.depth > deepest:
                deepest = atom.depth
    return deepest
