"""What Pydantic runs when it validates or serializes a model."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from roadworthy.values import hints
from roadworthy.values.atoms import (
    ANY,
    NONE,
    UNKNOWN,
    Atom,
    ClassAtom,
    External,
    ExternalInstance,
    Function,
    Instance,
    Mapping,
    Sequence,
    Value,
    Wrapped,
    external,
    external_instance,
    intern,
    join,
    without_any,
)
from roadworthy.values.calls import NOTHING, Arguments
from roadworthy.values.frames import Frame
from roadworthy.values.program import ClassInfo

if TYPE_CHECKING:
    from roadworthy.values.evaluator import Evaluator

_MODELS = (
    "pydantic.BaseModel",
    "pydantic.main.BaseModel",
    "sqlmodel.SQLModel",
    "sqlmodel.main.SQLModel",
    "pydantic_settings.BaseSettings",
    "pydantic.BaseSettings",
    "pydantic.RootModel",
    "pydantic.generics.GenericModel",
)
_VALIDATORS = {
    "pydantic.field_validator",
    "pydantic.model_validator",
    "pydantic.validator",
    "pydantic.root_validator",
    "pydantic.functional_validators.field_validator",
    "pydantic.functional_validators.model_validator",
    "pydantic.class_validators.validator",
    "pydantic.class_validators.root_validator",
}
_SERIALIZERS = {
    "pydantic.field_serializer",
    "pydantic.model_serializer",
    "pydantic.functional_serializers.field_serializer",
    "pydantic.functional_serializers.model_serializer",
}
_FUNCTION_VALIDATORS = {
    "AfterValidator",
    "BeforeValidator",
    "PlainValidator",
    "WrapValidator",
}
_FUNCTION_SERIALIZERS = {"PlainSerializer", "WrapSerializer"}
_ADAPTER = "pydantic.TypeAdapter"
_CORE = "pydantic_core.core_schema."
_TEXTS = ("builtins.str", "builtins.bytes")
_VALIDATING = ("model_validate", "parse_obj", "model_validate_json", "parse_raw")


def is_model(cls: ClassInfo) -> bool:
    """Whether a class is a Pydantic model."""
    return any(base in _MODELS for base in cls.library_bases())


def call(
    ev: Evaluator,
    frame: Frame,
    path: str,
    receiver: Atom | None,
    arguments: Arguments,
    position: int,
) -> Value | None:
    """Call a decorator or marker of Pydantic's."""
    if path.startswith(_CORE):
        return _core_schema(path[len(_CORE) :], arguments)
    if not path.startswith("pydantic."):
        return None
    if path in _VALIDATORS or path in _SERIALIZERS:
        kind = "validator" if path in _VALIDATORS else "serializer"
        first = arguments.get(0)
        if first and any(isinstance(a, (Function, Wrapped)) for a in first):
            return (intern(Wrapped, kind, first, None),)
        return (intern(Wrapped, "pydantic decorator", (), kind),)
    tail = path.rpartition(".")[2]
    if tail == "computed_field":
        first = arguments.get(0)
        if first and any(isinstance(a, (Function, Wrapped)) for a in first):
            return (_computed(first),)
        return (intern(Wrapped, "pydantic decorator", (), "computed"),)
    if tail in _FUNCTION_VALIDATORS:
        function = arguments.get(0, "func") or UNKNOWN
        return (intern(Wrapped, "function validator", function, None),)
    if tail in _FUNCTION_SERIALIZERS:
        function = arguments.get(0, "func") or UNKNOWN
        return (intern(Wrapped, "function serializer", function, None),)
    if tail == "Field":
        factory = arguments.keywords.get("default_factory")
        if factory is not None:
            return (intern(Wrapped, "field", factory, None),)
        return UNKNOWN
    if tail == "PrivateAttr":
        factory = arguments.keywords.get("default_factory")
        if factory is not None:
            return (intern(Wrapped, "field", factory, None),)
        return arguments.keywords.get("default", UNKNOWN)
    if tail == "model_construct":
        return UNKNOWN
    if path.startswith(_ADAPTER):
        return _adapter(ev, frame, tail, receiver, arguments, position)
    return None


def _core_schema(name: str, arguments: Arguments) -> Value:
    """Return what a schema stands for here: the functions that validating by it runs."""
    functions: Value = ()
    if "function" in name and "ser_schema" not in name:
        functions = arguments.get(0, "function") or ()
    given = [*arguments.positional]
    given.extend(v for k, v in arguments.keywords.items() if k != "serialization")
    while given:
        for atom in given.pop():
            if isinstance(atom, Wrapped) and atom.kind == "function validator":
                functions = join(functions, atom.value)
            elif isinstance(atom, Sequence):
                given.extend(atom.items if atom.items is not None else (atom.element,))
    return (intern(Wrapped, "function validator", functions, None),)


def _adapter(
    ev: Evaluator,
    frame: Frame,
    tail: str,
    receiver: Atom | None,
    arguments: Arguments,
    position: int,
) -> Value | None:
    """Make a `TypeAdapter`, or use it."""
    if tail == "TypeAdapter":
        return (external_instance(_ADAPTER, (arguments.get(0, "type") or UNKNOWN,)),)
    if not (isinstance(receiver, ExternalInstance) and receiver.arguments):
        return None
    types = receiver.arguments[0]
    if tail in ("validate_python", "validate_json", "validate_strings"):
        validate(ev, frame, types, position)
        return hints.instances(ev, types, None)
    if tail in ("dump_python", "dump_json"):
        for part in hints.alternatives(types):
            if isinstance(part, ClassAtom) and is_model(part.cls):
                for function in serializers(ev, part.cls):
                    ev.call(frame, (function,), Arguments((), {}, True), position, None)
        return UNKNOWN
    return None


def _computed(value: Value) -> Atom:
    # `@computed_field` stands above `@property`; alone it makes one itself.
    for atom in value:
        if isinstance(atom, Wrapped) and atom.kind in ("property", "cached property"):
            return intern(Wrapped, atom.kind, atom.value, "computed")
    return intern(Wrapped, "property", value, "computed")


def call_atom(
    ev: Evaluator, frame: Frame, atom: Wrapped, arguments: Arguments, position: int
) -> Value | None:
    """Apply a decorator that was called with options; call a validator directly."""
    if atom.kind == "pydantic decorator":
        given = arguments.get(0) or UNKNOWN
        if atom.extra == "computed":
            return (_computed(given),)
        return (intern(Wrapped, atom.extra, given, None),)
    if atom.kind in ("validator", "serializer"):
        return ev.call(frame, atom.value, arguments, position, None)
    return None


def inherited(
    ev: Evaluator, frame: Frame, receiver: Atom, base: str, name: str
) -> Value | None:
    """Return what a model inherits: `model_validate` gives an instance."""
    if base in _MODELS and isinstance(receiver, (ClassAtom, Instance)):
        if name == "__init__" and isinstance(receiver, Instance):
            # `super().__init__(**data)` in a model's own constructor.
            return (intern(Wrapped, "decorator", (receiver,), _Init(receiver)),)
        if name in (*_VALIDATING, "model_construct", "construct", "from_orm"):
            return (
                intern(
                    Wrapped, "decorator", (receiver,), _Validate(receiver.cls, name)
                ),
            )
        if name in ("model_copy", "copy") and isinstance(receiver, Instance):
            return (intern(Wrapped, "decorator", (receiver,), _Same(receiver)),)
        if name in ("model_dump", "dict", "json", "model_dump_json"):
            if isinstance(receiver, Instance):
                return (intern(Wrapped, "decorator", (receiver,), _Dump(receiver.cls)),)
            return external(f"pydantic.BaseModel.{name}")
    return None


class _Validate:
    """`Model.model_validate(data)`."""

    def __init__(self, cls: ClassInfo, name: str) -> None:
        self.cls = cls
        self.name = name

    def __hash__(self) -> int:
        return hash((self.cls, self.name))

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, _Validate)
            and self.cls is other.cls
            and self.name == other.name
        )

    def __call__(
        self, ev: Evaluator, frame: Frame, arguments: Arguments, position: int
    ) -> Value:
        made = ev.instance_of(self.cls, exact=True)
        atom = made[0]
        if isinstance(atom, Instance) and not self.name.endswith("construct"):
            construct(ev, frame, atom, position, nested=holds_data(arguments))
        return made


class _Init:
    """`BaseModel.__init__(self, **data)`."""

    def __init__(self, atom: Instance) -> None:
        self.atom = atom

    def __hash__(self) -> int:
        return hash((_Init, self.atom))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Init) and self.atom is other.atom

    def __call__(
        self, ev: Evaluator, frame: Frame, arguments: Arguments, position: int
    ) -> Value:
        for name, value in arguments.keywords.items():
            if without_any(value):
                ev.set_field(self.atom, name, value)
        construct(ev, frame, self.atom, position, nested=holds_data(arguments))
        return NONE


def holds_data(arguments: Arguments) -> bool:
    """Whether plain data is given, of which nested models are made and validated."""
    return (
        arguments.is_open
        or any(
            atom is ANY
            or isinstance(atom, Mapping)
            or (isinstance(atom, Sequence) and _of_mappings(atom))
            or (isinstance(atom, ExternalInstance) and atom.path in _TEXTS)
            for value in arguments.positional[:1]
            for atom in value
        )
        or any(
            isinstance(atom, Mapping)
            or (isinstance(atom, Sequence) and _of_mappings(atom))
            for value in arguments.keywords.values()
            for atom in value
        )
    )


def _of_mappings(atom: Sequence) -> bool:
    values = (atom.element,) if atom.items is None else atom.items
    return any(isinstance(part, Mapping) for value in values for part in value)


class _Dump:
    """`model.model_dump()`: serializers and computed fields run."""

    def __init__(self, cls: ClassInfo) -> None:
        self.cls = cls

    def __hash__(self) -> int:
        return hash((_Dump, self.cls))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Dump) and self.cls is other.cls

    def __call__(
        self, ev: Evaluator, frame: Frame, arguments: Arguments, position: int
    ) -> Value:
        for function in serializers(ev, self.cls):
            ev.call(frame, (function,), Arguments((), {}, True), position, None)
        return UNKNOWN


class _Same:
    """`model.model_copy()`."""

    def __init__(self, atom: Instance) -> None:
        self.atom = atom

    def __hash__(self) -> int:
        return hash(self.atom)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and self.atom is other.atom

    def __call__(
        self, ev: Evaluator, frame: Frame, arguments: Arguments, position: int
    ) -> Value:
        return (self.atom,)


def construct(
    ev: Evaluator, frame: Frame, made: Instance, position: int, *, nested: bool
) -> None:
    """Run a model's validators where code makes an instance.

    `nested`: the fields are given as data, so that models within are made of it too.
    """
    for function in validators(ev, made.cls, nested=False):
        ev.call(frame, (function,), Arguments((), {}, True), position, None)
    if nested:
        for function in _nested_validators(ev, made.cls):
            ev.call(frame, (function,), Arguments((), {}, True), position, None)
    post = made.cls.find("model_post_init")
    if post is not None:
        for method in post[1]:
            if isinstance(method, Function):
                bound = intern(Function, method.function, method.closure, made)
                ev.call(frame, (bound,), Arguments((UNKNOWN,)), position, None)


def _nested_validators(ev: Evaluator, cls: ClassInfo) -> Iterator[Atom]:
    """Yield what validating the models in a model's fields runs."""
    seen = {cls}
    for types in _field_types(ev, cls):
        for part in hints.alternatives(types):
            if isinstance(part, ClassAtom) and is_model(part.cls):
                yield from validators(ev, part.cls, nested=True, seen=seen)


def validate(ev: Evaluator, frame: Frame, types: Value, position: int) -> None:
    """Run the validators of a type, as `TypeAdapter(type)` does on data."""
    for function in from_metadata(ev, types, "function validator"):
        ev.call(frame, (function,), Arguments((), {}, True), position, None)
    for part in hints.alternatives(types):
        if isinstance(part, ClassAtom) and is_model(part.cls):
            for function in validators(ev, part.cls, nested=True):
                ev.call(frame, (function,), Arguments((), {}, True), position, None)


def validators(
    ev: Evaluator, cls: ClassInfo, *, nested: bool, seen: set[ClassInfo] | None = None
) -> Iterator[Atom]:
    """Yield the functions that validating a model runs, bound as Pydantic binds them."""
    seen = set() if seen is None else seen
    if cls in seen:
        return
    seen.add(cls)
    yield from _marked(cls, "validator", bind_class=True)
    for types in _field_types(ev, cls):
        yield from from_metadata(ev, types, "function validator")
        for part in hints.alternatives(types):
            if not isinstance(part, ClassAtom):
                continue
            if not is_model(part.cls):
                yield from _own_validators(ev, part)
            elif nested:
                yield from validators(ev, part.cls, nested=True, seen=seen)
    if nested:
        for base in cls.mro:
            if isinstance(base, ClassInfo):
                for value in base.namespace.values():
                    for atom in value:
                        if isinstance(atom, Wrapped) and atom.kind == "field":
                            yield from _functions(atom)
        for name in ("__init__", "model_post_init"):
            found = cls.find(name)
            if found is not None:
                made = ev.instance_of(cls, exact=True)[0]
                for method in found[1]:
                    if isinstance(method, Function):
                        yield intern(Function, method.function, method.closure, made)


def serializers(
    ev: Evaluator, cls: ClassInfo, seen: set[ClassInfo] | None = None
) -> Iterator[Atom]:
    """Yield the functions that serializing a model runs."""
    seen = set() if seen is None else seen
    if cls in seen:
        return
    seen.add(cls)
    made = ev.instance_of(cls, exact=True)[0]
    for atom in _marked(cls, "serializer", bind_class=False):
        if isinstance(atom, Function):
            yield intern(Function, atom.function, atom.closure, made)
    for base in cls.mro:
        if isinstance(base, ClassInfo):
            for value in base.namespace.values():
                for atom in value:
                    if (
                        isinstance(atom, Wrapped)
                        and atom.kind in ("property", "cached property")
                        and atom.extra == "computed"
                    ):
                        for function in atom.value:
                            if isinstance(function, Function):
                                yield intern(
                                    Function, function.function, function.closure, made
                                )
    for types in _field_types(ev, cls):
        yield from from_metadata(ev, types, "function serializer")
        for part in hints.alternatives(types):
            if isinstance(part, ClassAtom) and is_model(part.cls):
                yield from serializers(ev, part.cls, seen)


def _marked(cls: ClassInfo, kind: str, *, bind_class: bool) -> Iterator[Atom]:
    names: set[str] = set()
    for base in cls.mro:
        if not isinstance(base, ClassInfo):
            continue
        for name, value in base.namespace.items():
            if name in names:
                continue
            for atom in value:
                if isinstance(atom, Wrapped) and atom.kind == kind:
                    names.add(name)
                    for function in _functions(atom):
                        if bind_class and _takes_class(function):
                            owner = intern(ClassAtom, cls, ())
                            yield intern(
                                Function, function.function, function.closure, owner
                            )
                        elif bind_class:
                            yield intern(
                                Function,
                                function.function,
                                function.closure,
                                _plain_instance(cls),
                            )
                        else:
                            yield function


def _own_validators(ev: Evaluator, atom: ClassAtom | Instance) -> Iterator[Atom]:
    """Yield what a type, or a marker of one, has Pydantic run by its own schema."""
    cls = atom.cls
    if cls.module.is_library:
        return
    frame = Frame(cls.module, cls.code, cls.environment, None)
    unknown = Arguments((UNKNOWN, UNKNOWN))
    made: Value = ()
    if cls.find("__get_pydantic_core_schema__") is not None:
        method = ev.attribute(frame, (atom,), "__get_pydantic_core_schema__", 0)
        made = ev.call(frame, method, unknown, 0, None)
    elif cls.find("__get_validators__") is not None:
        method = ev.attribute(frame, (atom,), "__get_validators__", 0)
        made = ev.iterate(
            frame, ev.call(frame, method, NOTHING, 0, None), 0, is_async=False
        )
    for part in made:
        if isinstance(part, Wrapped) and part.kind == "function validator":
            yield from (a for a in part.value if isinstance(a, (Function, Wrapped)))
        elif isinstance(part, (Function, Wrapped)):
            yield part


def _plain_instance(cls: ClassInfo) -> Atom:
    from roadworthy.values.atoms import instance

    return instance(cls, True)


def _functions(atom: Atom) -> Iterator[Function]:
    if isinstance(atom, Function):
        yield atom
    elif isinstance(atom, Wrapped):
        for part in atom.value:
            yield from _functions(part)


def _takes_class(function: Function) -> bool:
    parameters = function.function.code.parameters
    return bool(parameters) and parameters[0].name in ("cls", "klass", "_cls")


def _field_types(ev: Evaluator, cls: ClassInfo) -> Iterator[Value]:
    for base in cls.mro:
        if isinstance(base, ClassInfo):
            frame = Frame(base.module, base.code, base.environment, None)
            for name, node in base.annotations.items():
                if node is not None and name != "model_config":
                    yield ev.evaluate(frame, node)


def from_metadata(ev: Evaluator, types: Value, kind: str) -> Iterator[Atom]:
    for value in hints.metadata(types):
        for atom in value:
            if isinstance(atom, Wrapped) and atom.kind == kind:
                yield from (
                    part
                    for part in atom.value
                    if isinstance(part, (Function, Wrapped, External))
                )
            elif kind == "function validator" and isinstance(
                atom, (ClassAtom, Instance)
            ):
                yield from _own_validators(ev, atom)


__all__ = [
    "call",
    "call_atom",
    "construct",
    "holds_data",
    "inherited",
    "is_model",
    "join",
    "serializers",
    "validators",
]
