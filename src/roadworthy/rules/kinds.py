"""What kind of thing a value is, told by class lineage and library names.

Each predicate takes one atom (or the class of one). `any_is` and `all_are` apply one to
a value: `any_is` asks whether some alternative is such a thing, `all_are` whether every
alternative is known and is one. What cannot be told is never of a kind.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from roadworthy.rules.library_names import (
    ASYNC_SESSIONS,
    COMPLEX,
    CONNECTIONS,
    ENUMERATIONS,
    HTTP_CLIENTS,
    JSON_RESPONSES,
    MODELS,
    REQUESTS,
    RESPONSE_PACKAGES,
    SETTINGS,
    SQLMODELS,
    SYNC_SESSIONS,
    TABLES,
    UPLOADS,
)
from roadworthy.values.atoms import (
    ANY,
    Atom,
    ClassAtom,
    Const,
    External,
    ExternalAttribute,
    ExternalInstance,
    Function,
    Instance,
    Mapping,
    Sequence,
    Suspended,
    Value,
    Wrapped,
)
from roadworthy.values.program import ClassInfo

Predicate = Callable[[Atom], bool]

# -- values ----------------------------------------------------------------------------


def any_is(value: Value, predicate: Predicate) -> bool:
    """Whether some alternative of a value is of a kind."""
    return any(atom is not ANY and predicate(atom) for atom in value)


def all_are(value: Value, predicate: Predicate) -> bool:
    """Whether every alternative of a value is known and of a kind."""
    return bool(value) and all(atom is not ANY and predicate(atom) for atom in value)


def known(value: Value) -> tuple[Atom, ...]:
    """Return the alternatives that are known, `None` left out."""
    return tuple(
        atom
        for atom in value
        if atom is not ANY and not (isinstance(atom, Const) and atom.value is None)
    )


def constants(value: Value) -> list[object] | None:
    """Return the constants that a value may be; None if it may be anything else."""
    found: list[object] = []
    for atom in value:
        if not isinstance(atom, Const):
            return None
        found.append(atom.value)
    return found or None


def is_true(value: Value | None) -> bool:
    """Whether a value is the constant True (or another true constant)."""
    return bool(value) and all(
        isinstance(atom, Const) and bool(atom.value) for atom in value or ()
    )


def is_false(value: Value | None) -> bool:
    """Whether a value is a false constant (False, None, 0, an empty text)."""
    return bool(value) and all(
        isinstance(atom, Const) and not atom.value for atom in value or ()
    )


# -- classes and types -----------------------------------------------------------------


def class_of(atom: Atom) -> ClassInfo | None:
    """Return the class that an atom is, or is an instance of, if its source is read."""
    return atom.cls if isinstance(atom, (ClassAtom, Instance)) else None


def class_lineage(cls: ClassInfo) -> tuple[str, ...]:
    """Return the dotted names of a class and of everything that it inherits from."""
    return tuple(
        base if isinstance(base, str) else base.qualified_name for base in cls.mro
    )


def lineage(atom: Atom) -> tuple[str, ...]:
    """Return the dotted names of the class that an atom is or is an instance of.

    Of a subscripted library type (`dict[str, Any]`), the names of the type.
    """
    if isinstance(atom, (ClassAtom, Instance)):
        return class_lineage(atom.cls)
    if isinstance(atom, (External, ExternalInstance)):
        return (atom.path,)
    if isinstance(atom, Wrapped) and atom.kind == "subscript" and atom.value:
        return lineage(atom.value[0])
    return ()


def inherits(atom: Atom, names: Iterable[str]) -> bool:
    """Whether an atom is (an instance of) one of the classes, or of one below them."""
    wanted = names if isinstance(names, (frozenset, set)) else frozenset(names)
    return any(name in wanted for name in lineage(atom))


def plain_types(types: Value) -> list[Atom]:
    """Return an annotation's alternatives: unions, `Optional` and `Annotated` opened.

    `None` is left out, and so is what cannot be resolved. `list[X]` and the like stay
    as they are (a `Wrapped` of kind ``subscript``); see `type_arguments`.
    """
    found: list[Atom] = []
    for atom in types:
        if atom is ANY or (isinstance(atom, Const) and atom.value is None):
            continue
        if isinstance(atom, Wrapped):
            if atom.kind == "union":
                found.extend(plain_types(atom.value))
                found.extend(plain_types(atom.extra))
                continue
            if atom.kind == "new type":
                found.extend(plain_types(atom.value))
                continue
            if atom.kind == "subscript":
                name = type_name(atom)
                if name in ("Optional", "Union", "Annotated", "Final", "ClassVar"):
                    arguments = type_arguments(atom)
                    if name in ("Annotated", "Final", "ClassVar"):
                        arguments = arguments[:1]
                    for argument in arguments:
                        found.extend(plain_types(argument))
                    continue
        found.append(atom)
    return found


def type_name(atom: Atom) -> str:
    """Return the last part of a library type's name: `Optional`, `dict`, `List`, …"""
    if isinstance(atom, Wrapped) and atom.kind == "subscript" and atom.value:
        return type_name(atom.value[0])
    if isinstance(atom, External):
        return atom.path.rpartition(".")[2]
    return ""


def type_arguments(atom: Atom) -> tuple[Value, ...]:
    """Return the types in the brackets of `X[...]`."""
    if isinstance(atom, ClassAtom):
        return atom.arguments
    if not (isinstance(atom, Wrapped) and atom.kind == "subscript"):
        return ()
    inner: Value = atom.extra
    if len(inner) == 1 and isinstance(inner[0], Sequence):
        return inner[0].items or ()
    return (inner,)


def all_types(types: Value) -> Iterator[Atom]:
    """Yield every type named in an annotation, at whatever depth of brackets."""
    for atom in plain_types(types):
        yield atom
        for argument in type_arguments(atom):
            yield from all_types(argument)


def is_any_type(atom: Atom) -> bool:
    """Whether a type is `Any` or `object`."""
    return isinstance(atom, External) and atom.path in (
        "typing.Any",
        "typing_extensions.Any",
        "builtins.object",
    )


def is_dict_type(atom: Atom) -> bool:
    """Whether a type is `dict` or another mapping, with or without brackets."""
    return type_name(atom) in (
        "dict",
        "Dict",
        "Mapping",
        "MutableMapping",
        "OrderedDict",
        "defaultdict",
        "DefaultDict",
    )


def is_list_type(atom: Atom) -> bool:
    """Whether a type is a list, tuple, set or sequence, with or without brackets."""
    return type_name(atom) in (
        "list",
        "List",
        "Sequence",
        "Iterable",
        "Collection",
        "MutableSequence",
        "set",
        "Set",
        "frozenset",
        "FrozenSet",
        "tuple",
        "Tuple",
    )


def is_complex_type(atom: Atom) -> bool:
    """Whether FastAPI reads a parameter of this type from the body by itself."""
    if isinstance(atom, ClassAtom):
        return (
            is_model(atom)
            or atom.cls.is_dataclass
            or is_typed_dict(atom)
            or any(name in COMPLEX for name in lineage(atom))
        )
    return any(name in COMPLEX for name in lineage(atom))


def is_model(atom: Atom) -> bool:
    """Whether an atom is a Pydantic model: the class or an instance."""
    return inherits(atom, MODELS)


def is_settings(atom: Atom) -> bool:
    """Whether an atom is a `BaseSettings` class or an instance of one."""
    return inherits(atom, SETTINGS)


def is_typed_dict(atom: Atom) -> bool:
    """Whether an atom is a class made with `TypedDict`."""
    return any(name.endswith(".TypedDict") for name in lineage(atom))


def is_enumeration(atom: Atom) -> bool:
    """Whether an atom is an enumeration class or a member of one."""
    return inherits(atom, ENUMERATIONS)


def is_exception(atom: Atom) -> bool:
    """Whether an atom is an exception class of the project, or an instance of one."""
    return any(
        name.startswith("builtins.") and name.endswith(("Exception", "Error"))
        for name in lineage(atom)
    ) or inherits(atom, ("fastapi.HTTPException", "starlette.exceptions.HTTPException"))


def is_table_model(atom: Atom) -> bool:
    """Whether an atom is an ORM class whose instances are rows, or such an instance.

    A SQLModel counts only with `table=True`; a declarative base itself does not.
    """
    cls = class_of(atom)
    if cls is None:
        return False
    names = class_lineage(cls)
    if any(name in SQLMODELS for name in names):
        return is_true(cls.keywords.get("table"))
    if any(name in TABLES for name in names[1:]):
        if is_true(cls.namespace.get("__abstract__")):
            return False
        if cls.find("__tablename__") or cls.find("__table__"):
            return True
        # The class that makes the base: `class Base(DeclarativeBase): pass`.
        return not any(
            isinstance(base, External) and base.path.startswith("sqlalchemy.")
            for value in cls.bases
            for base in value
        )
    return False


# -- instances -------------------------------------------------------------------------


def _is_object(atom: Atom) -> bool:
    return isinstance(atom, (Instance, ExternalInstance))


def is_sync_session(atom: Atom) -> bool:
    """Whether an atom is a synchronous SQLAlchemy or SQLModel session."""
    return _is_object(atom) and inherits(atom, SYNC_SESSIONS)


def is_async_session(atom: Atom) -> bool:
    """Whether an atom is an `AsyncSession`."""
    return _is_object(atom) and inherits(atom, ASYNC_SESSIONS)


def is_session(atom: Atom) -> bool:
    """Whether an atom is a SQLAlchemy or SQLModel session, of either kind."""
    return is_sync_session(atom) or is_async_session(atom)


def is_connection(atom: Atom) -> bool:
    """Whether an atom is a connection to a database."""
    return _is_object(atom) and inherits(atom, CONNECTIONS)


def is_http_client(atom: Atom) -> bool:
    """Whether an atom is an HTTP client object (httpx, aiohttp, requests)."""
    return _is_object(atom) and inherits(atom, HTTP_CLIENTS)


def is_request(atom: Atom) -> bool:
    """Whether an atom is FastAPI's request or websocket object."""
    return _is_object(atom) and inherits(atom, REQUESTS)


def is_upload(atom: Atom) -> bool:
    """Whether an atom is an `UploadFile` (the object, or the type in an annotation)."""
    return inherits(atom, UPLOADS)


def is_response(atom: Atom) -> bool:
    """Whether an atom is a response class of FastAPI or Starlette, or an instance."""
    return any(_names_response(name) for name in lineage(atom))


def is_json_response(atom: Atom) -> bool:
    """Whether an atom is a `JSONResponse` (or ORJSON, UJSON) class or instance."""
    return any(
        _names_response(name) and name.rpartition(".")[2] in JSON_RESPONSES
        for name in lineage(atom)
    )


def _names_response(name: str) -> bool:
    return name.startswith(RESPONSE_PACKAGES) and name.endswith("Response")


def is_function(atom: Atom) -> bool:
    """Whether an atom is a function whose source is read."""
    return isinstance(atom, Function)


def is_async_function(atom: Atom) -> bool:
    """Whether an atom is an `async def` function whose source is read."""
    return isinstance(atom, Function) and atom.function.code.is_async


def is_coroutine(atom: Atom) -> bool:
    """Whether an atom is a coroutine that nothing has awaited yet."""
    return isinstance(atom, Suspended) and atom.kind == "coroutine"


def is_container(atom: Atom) -> bool:
    """Whether an atom is a list, tuple, set or dictionary."""
    return isinstance(atom, (Sequence, Mapping))


def is_text(atom: Atom) -> bool:
    """Whether an atom is a string."""
    return (isinstance(atom, Const) and isinstance(atom.value, str)) or (
        isinstance(atom, ExternalInstance) and atom.path == "builtins.str"
    )


def path_of(atom: Atom) -> str | None:
    """Return the dotted name under which a library knows something, methods included.

    `httpx.AsyncClient.get` for the method of a client, `os.environ` for a name. Where
    a class of the project inherits from a library's, the first library base stands for
    it. None for what the project defines itself.
    """
    if isinstance(atom, (External, ExternalInstance)):
        return atom.path
    if isinstance(atom, ExternalAttribute):
        owner = atom.owner
        head = path_of(owner)
        if head is None and isinstance(owner, (Instance, ClassAtom)):
            bases = owner.cls.library_bases()
            head = bases[0] if bases else None
        return f"{head}.{'.'.join(atom.names)}" if head is not None else None
    if isinstance(atom, Wrapped) and atom.kind in ("inherited", "subscript"):
        return path_of(atom.value[0]) if atom.value else None
    return None
