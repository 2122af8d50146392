"""Library values: names, instances and calls that the catalogue knows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from roadworthy.effects.lookup import Block, Catalogue, Offload
from roadworthy.values import relations
from roadworthy.values.atoms import (
    ANY,
    NONE,
    UNKNOWN,
    Atom,
    ClassAtom,
    Const,
    External,
    ExternalAttribute,
    ExternalInstance,
    Function,
    Instance,
    Suspended,
    Value,
    Wrapped,
    external,
    external_attribute,
    external_instance,
    intern,
    join,
    sequence,
    without_any,
)
from roadworthy.values.calls import NOTHING, Arguments, awaitable
from roadworthy.values.frames import Frame

if TYPE_CHECKING:
    from roadworthy.values.evaluator import Evaluator

Special = Callable[["Evaluator", Frame, Arguments, int], Value]
_Entry = TypeVar("_Entry")
_OR_NONE = " | None"


class Externals:
    """Answers for library values; `specials` are functions with their own meaning."""

    def __init__(
        self, ev: Evaluator, catalogue: Catalogue, specials: dict[str, Special]
    ) -> None:
        self.ev = ev
        self.catalogue = catalogue
        self.specials = specials
        self.added: dict[str, Value] = {}
        """What the project sets on classes of libraries, by dotted name."""

    # -- names -------------------------------------------------------------------

    def named(self, path: str) -> Value:
        """Return the value of a library's dotted name."""
        path = self.catalogue.canonical(path)
        typed = self.catalogue.attribute(path)
        if typed is not None:
            return self.typed(typed, None)
        return external(path)

    def attribute(self, path: str, name: str) -> Value:
        """Return the value of an attribute of a library's module, class or function."""
        return self.named(f"{path}.{name}")

    def subscript(self, atom: External, index: Value) -> Value:
        """Return `Name[index]`, a generic type of a library."""
        return (intern(Wrapped, "subscript", (atom,), index),)

    def typed(
        self, text: str, receiver: Atom | None, first: Value | None = None
    ) -> Value:
        """Return a value of the type that a catalogue text names.

        `first` is the call's first argument, which `$0` and `$0.T` speak of.
        """
        text = text.strip()
        if text.endswith(_OR_NONE):
            found = self.typed(text[: -len(_OR_NONE)], receiver, first)
            return join(found, NONE)
        if text.startswith("$0"):
            return self._of_argument(text, first or ())
        if text in ("Self", "self"):
            return self._self(receiver)
        if text == "T":
            if isinstance(receiver, ExternalInstance) and receiver.arguments:
                return receiver.arguments[0]
            return UNKNOWN
        if text in ("None", "Any", ""):
            return UNKNOWN
        if text.startswith("type["):
            return external(self.catalogue.canonical(text[5:-1]))
        head, bracket, inner = text.partition("[")
        arguments: tuple[Value, ...] = ()
        if bracket:
            arguments = tuple(
                self.typed(part, receiver, first) for part in _split(inner[:-1])
            )
        if head in ("list", "set", "tuple", "Iterator", "Iterable", "iter"):
            kind = head.lower() if head in ("list", "set", "tuple") else "iterator"
            return sequence(kind, None, arguments[0] if arguments else UNKNOWN)
        if head == "Awaitable":
            return awaitable(arguments[0] if arguments else UNKNOWN)
        if "." not in head:
            head = f"builtins.{head}"
        return (external_instance(self.catalogue.canonical(head), arguments),)

    def _of_argument(self, text: str, first: Value) -> Value:
        result: Value = ()
        for atom in first:
            if text == "$0" and isinstance(atom, ClassAtom):
                result = join(result, self.ev.instance_of(atom.cls, exact=True))
            elif text == "$0.T" and isinstance(atom, ExternalInstance):
                for argument in atom.arguments[:1]:
                    result = join(result, argument)
        return result or UNKNOWN

    def _self(self, receiver: Atom | None) -> Value:
        if isinstance(receiver, ClassAtom):
            return self.ev.instance_of(receiver.cls, exact=True)
        if receiver is None:
            return UNKNOWN
        return (receiver,)

    # -- attributes of instances ---------------------------------------------------

    def path_of(self, atom: Atom) -> str | None:
        """Return the dotted path under which the catalogue knows an instance's part."""
        if isinstance(atom, ExternalInstance):
            return atom.path
        if isinstance(atom, ExternalAttribute):
            head = self.path_of(atom.owner)
            if head is None and isinstance(atom.owner, (Instance, ClassAtom)):
                bases = atom.owner.cls.library_bases()
                head = bases[0] if bases else None
            return f"{head}.{'.'.join(atom.names)}" if head is not None else None
        return None

    def instance_attribute(
        self, frame: Frame, atom: Atom, name: str, position: int
    ) -> Value:
        """Return an attribute of an instance of a library's class."""
        special = self.ev.framework.attribute(frame, atom, name)
        if special is not None:
            return special
        path = self.path_of(atom)
        if path is None:
            return UNKNOWN
        full = f"{path}.{name}"
        self._read(frame, full, position)
        typed = self.catalogue.attribute(full)
        if typed is None and not self._is_known(full):
            typed = self.catalogue.result(f"{path}.__getattr__")
        if typed is not None:
            return self.typed(typed, atom)
        if isinstance(atom, ExternalAttribute):
            return (external_attribute(atom.owner, (*atom.names, name)),)
        return (external_attribute(atom, (name,)),)

    def _read(self, frame: Frame, path: str, position: int) -> None:
        block = self.catalogue.reading(path)
        if block is not None:
            frame.block(position, path, block.effect, block)

    def inherited_attribute(
        self, frame: Frame, receiver: Atom, base: str, name: str, position: int
    ) -> Value:
        """Return an attribute that a project's class inherits from a library's."""
        ev = self.ev
        special = ev.framework.inherited(frame, receiver, base, name)
        if special is not None:
            return special
        path = f"{base}.{name}"
        self._read(frame, path, position)
        if path in self.added:
            return self.of_class(self.added[path], receiver)
        typed = self.catalogue.attribute(path)
        if typed is not None:
            return self.typed(typed, receiver)
        if self._is_known(path):
            return (intern(Wrapped, "inherited", (external(path)[0],), receiver),)
        return ()

    def _is_class(self, path: str) -> bool:
        tail = path.rpartition(".")[2]
        return tail[:1].isupper() or self.catalogue.is_class(path)

    def of_class(self, value: Value, receiver: Atom) -> Value:
        """Return a class attribute's value as read from a class: queries are of it."""
        if not isinstance(receiver, (ClassAtom, Instance)):
            return value
        made: list[Atom] = []
        for atom in value:
            if atom is external_instance(_QUERY):
                rows = self.ev.instance_of(receiver.cls, exact=True)
                atom = external_instance(_QUERY, (rows,))
            made.append(atom)
        return tuple(made)

    def _is_known(self, path: str) -> bool:
        catalogue = self.catalogue
        return bool(catalogue.call(path)) or catalogue.result(path) is not None

    def descriptor(
        self,
        frame: Frame,
        atom: ExternalInstance,
        receiver: Atom,
        name: str,
        position: int,
    ) -> Value:
        """Return what a class attribute of a library's type gives on an instance."""
        if isinstance(receiver, Instance):
            if atom.path == relations.RELATION:
                return relations.read(self.ev, frame, receiver, name, position)
            block = self.catalogue.descriptor(atom.path)
            if block is not None:
                frame.block(position, f"{atom.path}.__get__", block.effect, block)
                return self._related(atom)
            typed = self.catalogue.result(f"{atom.path}.__get__")
            if typed is not None:
                return self.typed(typed, atom)
        return (atom,)

    def _related(self, atom: ExternalInstance) -> Value:
        related: Value = ()
        for argument in atom.arguments:
            for part in argument:
                if isinstance(part, ClassAtom):
                    related = join(related, self.ev.instance_of(part.cls, exact=True))
        return related or UNKNOWN

    # -- calls -------------------------------------------------------------------

    def call_attribute(
        self, frame: Frame, atom: ExternalAttribute, arguments: Arguments, position: int
    ) -> Value:
        """Call a method of an instance of a library's class."""
        owner = atom.owner
        path = self.path_of(atom)
        if path is None:
            return UNKNOWN
        receiver: Atom = owner
        if len(atom.names) > 1:
            receiver = external_attribute(owner, atom.names[:-1])
        return self.call(frame, path, receiver, arguments, position)

    def call(
        self,
        frame: Frame,
        path: str,
        receiver: Atom | None,
        arguments: Arguments,
        position: int,
    ) -> Value:
        """Call something of a library: note what it does, return what it gives."""
        ev = self.ev
        special = self.specials.get(path)
        if special is not None:
            return special(ev, frame, arguments, position)
        hook = self._lineage_entry(self.catalogue.hooks, path)
        if hook is not None:
            return self._hook(path, hook, arguments)
        handled = ev.framework.call(frame, path, receiver, arguments, position)
        if handled is not None:
            return handled
        if path in _ARCHIVES and _over_memory(arguments):
            if not _only_stores(path, arguments):
                frame.block(position, path, "cpu", _PACKING)
        elif path == "zipfile.is_zipfile" and _over_memory(arguments):
            pass
        elif path.endswith(_SERVERS):
            ev.served.add(path.rpartition(".")[0])
        elif not (
            isinstance(receiver, ExternalInstance) and receiver.path in _ARCHIVES
        ):
            # Further work on an archive is the same matter as opening it.
            self.note(frame, path, arguments, position)
        if arguments.positional or arguments.keywords:
            owned = isinstance(receiver, ExternalInstance) or self._is_class(path)
            ev.hand_over(frame, arguments, path if owned else None)
        offloaded = self._lineage_entry(self.catalogue.offload, path)
        if offloaded is not None:
            return self._offload(frame, path, offloaded, arguments)
        called = self._lineage_entry(self.catalogue.calls_argument, path)
        if called is not None:
            callback = arguments.get(called)
            if callback is not None:
                given = Arguments((UNKNOWN,), {}, True)
                ev.call(frame, callback, given, position, None)
        scheduled = self._lineage_entry(self.catalogue.schedules, path)
        if scheduled is not None:
            callback = arguments.get(scheduled)
            if callback is not None:
                rest = (
                    arguments.positional[scheduled + 1 :]
                    if isinstance(scheduled, int)
                    else ()
                )
                ev.spawn(frame, callback, Arguments(rest, {}, True), "callback")
        return self.result(frame, path, receiver, arguments)

    def _hook(self, path: str, mode: str, arguments: Arguments) -> Value:
        given = join(arguments.get(0) or (), arguments.keywords.get("resolver", ()))
        functions = tuple(atom for atom in given if isinstance(atom, Function))
        for function in functions:
            self.ev.hooks[(function, path)] = mode
        if functions:
            return functions
        return (intern(Wrapped, "decorator", (), _RegisterHook(path, mode)),)

    def _lineage_entry(self, table: Mapping[str, _Entry], path: str) -> _Entry | None:
        if not table:
            return None
        found = table.get(path)
        if found is not None:
            return found
        head, _, tail = path.rpartition(".")
        for base in self.catalogue.lineage(head)[1:]:
            found = table.get(f"{base}.{tail}")
            if found is not None:
                return found
        return None

    def _offload(
        self, frame: Frame, path: str, offload: Offload, arguments: Arguments
    ) -> Value:
        ev = self.ev
        which = offload.argument
        function = arguments.get(which)
        if function is None:
            return awaitable(UNKNOWN)
        rest = arguments
        if isinstance(which, int):
            rest = Arguments(
                arguments.positional[which + 1 :], arguments.keywords, arguments.is_open
            )
        if offload.kind == "wrapped":
            return (intern(Wrapped, "off loop", function, None),)
        if offload.kind == "started":
            return (external_instance(path),)
        value = ev.off_loop(frame, function, rest)
        if offload.kind == "submitted":
            return (external_instance("concurrent.futures.Future", (value,)),)
        return awaitable(value)

    def note(
        self, frame: Frame, path: str, arguments: Arguments, position: int
    ) -> None:
        """Note that a call at a position blocks, if the catalogue says so."""
        for block in self.catalogue.call(path):
            if applies(block, arguments):
                frame.block(position, path, block.effect, block)
                return

    def result(
        self, frame: Frame, path: str, receiver: Atom | None, arguments: Arguments
    ) -> Value:
        """Return the value of a library call's result."""
        by_argument = self.catalogue.result_by_argument(path)
        if by_argument is not None:
            value = self.typed(by_argument, receiver, arguments.get(0))
            return relations.queried(self.catalogue, path, arguments, value)
        if path == "sqlalchemy.orm.sessionmaker":
            made = arguments.keywords.get("class_")
            if made is not None and any(
                isinstance(atom, External) and atom.path.endswith(".AsyncSession")
                for atom in made
            ):
                return (external_instance("sqlalchemy.ext.asyncio.async_sessionmaker"),)
        text = self.catalogue.result(path)
        if text is not None:
            if text == "T" and isinstance(receiver, (Instance, ClassAtom)):
                return self._self(receiver)
            value = self.typed(text, receiver)
            return relations.with_options(self.catalogue, path, value)
        if path.endswith(".__call__") or (
            receiver is not None and not isinstance(receiver, External)
        ):
            # A method of a run-time client (`boto3.client("s3").x()`): keep the path,
            # so that what it gives can still be looked up.
            return UNKNOWN
        if self._is_class(path):
            return (external_instance(path, _class_arguments(arguments)),)
        return UNKNOWN

    # -- implicit calls ------------------------------------------------------------

    def iterate(self, frame: Frame, atom: Atom, position: int) -> Value:
        """Iterate over an instance of a library's class."""
        path = self.path_of(atom)
        if path is None:
            return UNKNOWN
        block = self.catalogue.iterating(path)
        if block is not None:
            frame.block(position, f"{path}.__iter__", block.effect, block)
        text = self.catalogue.result(f"{path}.__iter__")
        if text is not None:
            return self.typed(text, atom)
        return UNKNOWN

    def iterate_base(
        self, frame: Frame, atom: Instance, base: str, position: int
    ) -> Value:
        """Iterate over an instance whose class inherits from a library's."""
        block = self.catalogue.iterating(base)
        if block is not None:
            frame.block(position, f"{base}.__iter__", block.effect, block)
            return UNKNOWN
        return ()

    def enter(
        self, frame: Frame, atom: Atom, position: int, *, is_async: bool
    ) -> Value:
        """Enter and leave a `with` block of an instance of a library's class."""
        path = self.path_of(atom)
        if path is None:
            return UNKNOWN
        special = self.ev.framework.enter(frame, atom)
        if special is not None:
            return special
        if is_async:
            text = self.catalogue.result(f"{path}.__aenter__")
            if text is not None:
                return self.typed(text, atom)
            return (atom,)
        for block, method in (
            (self.catalogue.entering(path), "__enter__"),
            (self.catalogue.leaving(path), "__exit__"),
        ):
            if block is not None:
                frame.block(position, f"{path}.{method}", block.effect, block)
                break
        text = self.catalogue.result(f"{path}.__enter__")
        if text is not None:
            return self.typed(text, atom)
        return (atom,)

    def enter_base(
        self, frame: Frame, atom: Instance, base: str, position: int, is_async: bool
    ) -> Value:
        """Enter a `with` block whose methods a project's class inherits."""
        if not is_async:
            block = self.catalogue.entering(base)
            if block is not None:
                frame.block(position, f"{base}.__enter__", block.effect, block)
        return (atom,)

    def item(self, frame: Frame, atom: Atom, index: Value, position: int) -> Value:
        """Return an item of an instance of a library's class."""
        path = self.path_of(atom)
        if path is None:
            return UNKNOWN
        full = f"{path}.__getitem__"
        for block in self.catalogue.exact_call(full):
            frame.block(position, full, block.effect, block)
        text = self.catalogue.result(full)
        if text is not None:
            return self.typed(text, atom)
        return UNKNOWN

    def class_item(
        self, frame: Frame, atom: ClassAtom, base: str, position: int
    ) -> Value:
        """Return an item of a class whose metaclass, a library's, looks one up."""
        full = f"{base}.__getitem__"
        blocks = self.catalogue.exact_call(full)
        for block in blocks:
            frame.block(position, full, block.effect, block)
        text = self.catalogue.result(full) if blocks else None
        return self.typed(text, atom) if text is not None else ()

    def operator(self, atom: ExternalInstance, name: str) -> Value:
        """Return what an operator on a library's instance gives."""
        text = self.catalogue.result(f"{atom.path}.__{name}__")
        if text is not None:
            return self.typed(text, atom)
        if atom.path.startswith("builtins."):
            return (atom,)
        return UNKNOWN

    def special(self, frame: Frame, atom: Atom, name: str, position: int) -> None:
        """Note a special method of a library's instance that blocks (`len(query)`)."""
        path = self.path_of(atom)
        if path is not None:
            for block in self.catalogue.exact_call(f"{path}.{name}"):
                frame.block(position, f"{path}.{name}", block.effect, block)


class _RegisterHook:
    """A decorator of a framework that calls the function later."""

    def __init__(self, path: str, mode: str) -> None:
        self.path = path
        self.mode = mode

    def __hash__(self) -> int:
        return hash(self.path)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _RegisterHook) and self.path == other.path

    def __call__(
        self, ev: Evaluator, frame: Frame, arguments: Arguments, position: int
    ) -> Value:
        given = arguments.get(0) or UNKNOWN
        for atom in given:
            if isinstance(atom, Function):
                ev.hooks[(atom, self.path)] = self.mode
        return given


_QUERY = "sqlalchemy.orm.Query"
_MEMORY = ("io.BytesIO", "io.StringIO")
_ARCHIVES = ("zipfile.ZipFile", "tarfile.TarFile", "tarfile.open")
_PACKING = Block(
    effect="cpu",
    why="Packing and unpacking archives takes as long as what is in them is large.",
    instead="`await asyncio.to_thread(...)` around a function that does all of it",
    thread=True,
)


_SERVERS = (".sse_app", ".streamable_http_app", ".http_app")
"""Methods that make an application of a server of tools."""


def _only_stores(path: str, arguments: Arguments) -> bool:
    """Whether a zip archive is written as it is by default: nothing is compressed."""
    mode = arguments.get(1, "mode") or ()
    packing = arguments.get(2, "compression") or ()
    return (
        path == "zipfile.ZipFile"
        and any(isinstance(a, Const) and a.value in ("w", "x", "a") for a in mode)
        and (not packing or packing == external("zipfile.ZIP_STORED"))
        and not arguments.is_open
    )


def _over_memory(arguments: Arguments) -> bool:
    """Whether an archive is opened over a file in memory."""
    given = arguments.keywords.get("fileobj") or arguments.get(0) or ()
    return any(
        isinstance(atom, ExternalInstance) and atom.path in _MEMORY for atom in given
    )


def applies(block: Block, arguments: Arguments) -> bool:
    """Whether a catalogue entry's conditions on constant arguments hold."""
    if block.effect == "sleep" and _is_constant(arguments.get(0), 0):
        return False
    for name, wanted in block.unless.items():
        if _is_constant(_argument(arguments, name), wanted):
            return False
    return all(
        _is_constant(_argument(arguments, name), wanted)
        for name, wanted in block.when.items()
    )


def _argument(arguments: Arguments, name: str) -> Value | None:
    """Return an argument by keyword, or by position where the name is a number."""
    return arguments.get(int(name)) if name.isdigit() else arguments.keywords.get(name)


def _split(text: str) -> list[str]:
    """Split type arguments at the commas that stand in no brackets."""
    parts: list[str] = []
    depth = start = 0
    for index, character in enumerate(text):
        if character == "[":
            depth += 1
        elif character == "]":
            depth -= 1
        elif character == "," and depth == 0:
            parts.append(text[start:index])
            start = index + 1
    parts.append(text[start:])
    return parts


def _is_constant(value: Value | None, wanted: Any) -> bool:
    if value is None:
        return False
    if wanted == "*":
        # Given, and not as None.
        return not all(isinstance(atom, Const) and atom.value is None for atom in value)
    if isinstance(wanted, str) and "." in wanted:
        # A library's flag, alone or among others: `os.WNOHANG`.
        return len(value) == 1 and _has_flag(value[0], wanted)
    return (
        len(value) == 1
        and isinstance(value[0], Const)
        and bool(value[0].value == wanted)
        and isinstance(value[0].value, bool) is isinstance(wanted, bool)
    )


def _has_flag(atom: Atom, path: str) -> bool:
    if isinstance(atom, Wrapped) and atom.kind == "union":
        return any(_has_flag(part, path) for part in (*atom.value, *atom.extra))
    return isinstance(atom, External) and atom.path == path


def _class_arguments(arguments: Arguments) -> tuple[Value, ...]:
    if arguments.positional:
        first = arguments.positional[0]
        if any(isinstance(atom, (ClassAtom, Function)) for atom in first):
            return (first,)
    return ()


__all__ = [
    "ANY",
    "NOTHING",
    "Externals",
    "Special",
    "Suspended",
    "applies",
    "without_any",
]
