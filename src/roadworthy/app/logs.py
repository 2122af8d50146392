"""Loggers whose outlets block: rotating files, mail, HTTP, and the project's own handlers."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from roadworthy.effects.lookup import EFFECTS, Block
from roadworthy.syntax import code as c
from roadworthy.values.atoms import (
    NONE,
    UNKNOWN,
    Atom,
    Const,
    ExternalInstance,
    Function,
    Instance,
    Mapping,
    Sequence,
    Value,
    const,
    external_instance,
    truth,
    without_any,
)
from roadworthy.values.calls import Arguments
from roadworthy.values.frames import Effects, Frame, Witness

if TYPE_CHECKING:
    from roadworthy.values.evaluator import Evaluator

_LEVELS = frozenset(
    [
        "trace",
        "debug",
        "info",
        "success",
        "warning",
        "warn",
        "error",
        "exception",
        "critical",
        "fatal",
        "log",
    ]
)
_SEVERE = frozenset(["error", "exception", "critical", "fatal"])
_ROTATING = Block(
    effect="file-log",
    why=(
        "The logger has a handler that writes a rotating file: each message is written "
        "to disk, and now and then files are renamed, while the event loop waits."
    ),
    instead=(
        "a `logging.handlers.QueueHandler` with a `QueueListener`, which writes the "
        "file in a thread; the log calls stay as they are"
    ),
)
_ROTATING_SINK = replace(
    _ROTATING,
    why=(
        "Loguru writes each message to a rotating file in the call that logs it, and "
        "now and then renames or packs files, while the event loop waits."
    ),
    instead="`logger.add(..., enqueue=True)`: a thread of Loguru's own writes the file",
)
_OPENED_SINK = Block(
    effect="file",
    why="Adding a file to Loguru opens it, and makes its folder.",
    instead="`await asyncio.to_thread(...)`, or add it before the server starts",
)
_MAILED = Block(
    effect="network-log",
    why="The logger's handler sends a mail in the call that logs the message.",
    instead="a `logging.handlers.QueueHandler` with a `QueueListener` around the handler",
)
_POSTED = replace(
    _MAILED,
    effect="http-log",
    why="The logger's handler sends a request in the call that logs the message.",
)
_HANDLERS = {
    "logging.handlers.RotatingFileHandler": _ROTATING,
    "logging.handlers.TimedRotatingFileHandler": _ROTATING,
    "logging.handlers.SMTPHandler": _MAILED,
    "logging.handlers.HTTPHandler": _POSTED,
}
_LOGURU = "loguru.logger"
_FILE_OPTIONS = frozenset({"rotation", "retention", "compression"})
_ANY_KEY = "*"


@dataclass(frozen=True, slots=True)
class _Outlet:
    """Where the messages of a logger go, and what that costs."""

    callee: str
    block: Block
    handler: Atom | None = None
    """The project's own handler or filter, whose method runs."""
    method: str = "emit"
    keys: frozenset[str] = frozenset()
    """What a Loguru logger must be bound with for the message to get here."""

    def takes(self, level: str) -> bool:
        """Whether messages of a level are likely to get here: few are mailed."""
        return self.block.effect != "network-log" or level in _SEVERE


class Logs:
    """Which loggers' calls block, as far as the code says."""

    def __init__(self) -> None:
        self.outlets: dict[str, list[_Outlet]] = {}
        self.sinks: list[_Outlet] = []
        self._running: list[Atom] = []

    def call(
        self,
        ev: Evaluator,
        frame: Frame,
        path: str,
        receiver: Atom | None,
        arguments: Arguments,
        position: int,
    ) -> Value | None:
        """Note handlers being added, and messages being logged.

        Returns a value for what only these modules know; None for all else.
        """
        if path.startswith("loguru."):
            return self._loguru(ev, frame, path, receiver, arguments, position)
        place = (frame.module, position, frame.first_line)
        if path == "logging.basicConfig":
            for value in _items(arguments.keywords.get("handlers")):
                self._add("root", value, place)
        elif path == "logging.config.dictConfig":
            self._configuration(arguments.get(0) or (), place)
        elif path.startswith("logging.Logger."):
            method = path.rpartition(".")[2]
            if method == "addHandler":
                self._add(_name(receiver), arguments.get(0) or (), place)
            elif method == "addFilter":
                self._add(_name(receiver), arguments.get(0) or (), place, "filter")
            elif method in _LEVELS and self.outlets:
                self._message(ev, frame, _name(receiver), method, position)
        elif path.startswith("logging.") and self.outlets and path.count(".") == 1:
            method = path.rpartition(".")[2]
            if method in _LEVELS:
                self._message(ev, frame, "root", method, position)
        return None

    def _message(
        self, ev: Evaluator, frame: Frame, name: str, level: str, position: int
    ) -> None:
        asked = name
        while True:
            for outlet in self.outlets.get(name, ()):
                # A logger's filter is for what is logged with it alone.
                if outlet.takes(level) and (outlet.method == "emit" or name == asked):
                    self._write(ev, frame, outlet, position)
            if name == "root":
                return
            name = name.rpartition(".")[0] or "root"

    def _write(
        self, ev: Evaluator, frame: Frame, outlet: _Outlet, position: int
    ) -> None:
        atom = outlet.handler
        if atom is None:
            frame.block(position, outlet.callee, outlet.block.effect, outlet.block)
            return
        if atom in self._running:
            # What a handler logs while it handles a message.
            return
        self._running.append(atom)
        aside = Frame(frame.module, frame.code, frame.environment, frame.function)
        method = ev.attribute(aside, (atom,), outlet.method, position, quiet=True)
        record = (external_instance("logging.LogRecord"),)
        ev.call(aside, method, Arguments((record,)), position, None)
        self._running.pop()
        effects: Effects = {}
        for effect, witness in aside.summary.effects.items():
            logged = f"{effect.partition('-')[0]}-log"
            placed = _placed(witness, outlet.block.place)
            # Short locks are no news: every handler of `logging` takes one.
            if logged in EFFECTS and placed.after is not None:
                effects[logged] = placed.after
        if effects:
            frame.inherit(position, outlet.callee, effects)

    def _add(self, name: str, given: Value, place: Any, method: str = "emit") -> None:
        known = self.outlets.setdefault(name, [])
        for atom in given:
            outlet: _Outlet | None = None
            if isinstance(atom, ExternalInstance) and atom.path in _HANDLERS:
                block = replace(_HANDLERS[atom.path], place=place)
                outlet = _Outlet(f"{atom.path}.emit", block)
            elif isinstance(atom, Instance) and atom.cls.find(method) is not None:
                # What a handler of the project's does is seen when it is called.
                callee = f"{atom.cls.qualified_name}.{method}"
                outlet = _Outlet(callee, Block("file-log", place=place), atom, method)
            if outlet is not None and not any(
                other.callee == outlet.callee and other.handler is outlet.handler
                for other in known
            ):
                known.append(outlet)

    def _configuration(self, value: Value, place: Any) -> None:
        configuration = _pairs(value)
        handlers = {
            str(name): _text(_pairs(given).get("class", ()))
            for name, given in _pairs(configuration.get("handlers", ())).items()
        }
        loggers = dict(_pairs(configuration.get("loggers", ())))
        if "root" in configuration:
            loggers["root"] = configuration["root"]
        for name, given in loggers.items():
            for item in _items(_pairs(given).get("handlers")):
                path = handlers.get(_text(item), "")
                self._add(str(name) or "root", (external_instance(path),), place)

    # -- Loguru ------------------------------------------------------------------------

    def _loguru(
        self,
        ev: Evaluator,
        frame: Frame,
        path: str,
        receiver: Atom | None,
        arguments: Arguments,
        position: int,
    ) -> Value | None:
        if not path.startswith((f"{_LOGURU}.", "loguru.Logger.")):
            return None
        method = path.rpartition(".")[2]
        if method == "add":
            self._sink(frame, arguments, position)
            return UNKNOWN
        bound = _bound(receiver)
        if method in ("bind", "contextualize"):
            if arguments.is_open:
                bound = (*bound, _ANY_KEY)
            return _logger(sorted({*bound, *arguments.keywords}))
        if method in ("opt", "patch"):
            return _logger(bound)
        if method in _LEVELS:
            for sink in self.sinks:
                if not sink.keys or sink.keys & {*bound, _ANY_KEY}:
                    self._write(ev, frame, sink, position)
            return NONE
        return None

    def _sink(self, frame: Frame, arguments: Arguments, position: int) -> None:
        given = without_any(arguments.get(0, "sink") or ())
        # Only files are rotated.
        is_file = not _FILE_OPTIONS.isdisjoint(arguments.keywords)
        if not is_file and not (given and all(_is_path(atom) for atom in given)):
            return
        frame.block(position, f"{_LOGURU}.add", "file", _OPENED_SINK)
        queued = truth(arguments.keywords.get("enqueue", NONE))
        rotates = arguments.keywords.get("rotation", NONE)
        if queued is not False or rotates == NONE:
            return
        place = (frame.module, position, frame.first_line)
        keys = _keys_of(arguments.keywords.get("filter", NONE))
        block = replace(_ROTATING_SINK, place=place)
        if not any(sink.block.place == place for sink in self.sinks):
            self.sinks.append(_Outlet(f"{_LOGURU}.log", block, keys=keys))


def _is_path(atom: Atom) -> bool:
    if isinstance(atom, ExternalInstance):
        return atom.path.startswith(("builtins.str", "pathlib."))
    return isinstance(atom, Const) and isinstance(atom.value, str)


def _bound(receiver: Atom | None) -> tuple[str, ...]:
    if isinstance(receiver, ExternalInstance) and receiver.path == "loguru.Logger":
        return tuple(_text(value) for value in receiver.arguments)
    return ()


def _logger(keys: Iterable[str]) -> Value:
    bound = tuple(const(key) for key in keys)
    return (external_instance("loguru.Logger", bound),)


def _keys_of(given: Value) -> frozenset[str]:
    """Return the keys of `extra` that a filter function asks for; none where it does not."""
    for atom in given:
        if isinstance(atom, Function):
            texts = set(_texts(atom.function.code.body)) - {"extra"}
            return frozenset(t for t in texts if re.fullmatch(r"\w+", t))
    return frozenset()


def _texts(node: object) -> list[str]:
    if isinstance(node, tuple):
        if len(node) == 2 and node[0] == c.CONST:
            return [node[1]] if isinstance(node[1], str) else []
        return [text for part in node for text in _texts(part)]
    return []


def _placed(witness: Witness, place: Any) -> Witness:
    """Return a chain whose end says where the handler was installed."""
    if witness.after is None:
        return replace(witness, block=replace(witness.block, place=place))
    return replace(witness, after=_placed(witness.after, place))


def _items(value: Value | None) -> list[Value]:
    found: list[Value] = []
    for atom in value or ():
        if isinstance(atom, Sequence):
            found.extend(atom.items if atom.items is not None else (atom.element,))
    return found


def _pairs(value: Value) -> dict[object, Value]:
    for atom in value:
        if isinstance(atom, Mapping) and atom.items is not None:
            return dict(atom.items)
    return {}


def _text(value: Value) -> str:
    if len(value) == 1 and isinstance(value[0], Const):
        return str(value[0].value)
    return ""


def _name(receiver: Atom | None) -> str:
    if isinstance(receiver, ExternalInstance) and receiver.arguments:
        return _text(receiver.arguments[0]) or "?"
    return "?"
