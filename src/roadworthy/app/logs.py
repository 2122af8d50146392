"""Loggers whose handlers write rotating files: each log call on the loop writes one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from roadworthy.effects.lookup import Block
from roadworthy.values.atoms import (
    Atom,
    Const,
    ExternalInstance,
    Mapping,
    Sequence,
    Value,
)
from roadworthy.values.calls import Arguments
from roadworthy.values.frames import Frame

if TYPE_CHECKING:
    from roadworthy.values.evaluator import Evaluator

ROTATING = (
    "logging.handlers.RotatingFileHandler",
    "logging.handlers.TimedRotatingFileHandler",
)
_LEVELS = ("debug", "info", "warning", "warn", "error", "exception", "critical", "log")
_BLOCK = Block(
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


class Logs:
    """Which loggers write rotating files, as far as the code says."""

    def __init__(self) -> None:
        self.names: dict[str, str] = {}

    def call(
        self,
        ev: Evaluator,
        frame: Frame,
        path: str,
        receiver: Atom | None,
        arguments: Arguments,
        position: int,
    ) -> None:
        """Note handlers being added, and messages being logged."""
        if path == "logging.basicConfig":
            self._root(arguments.keywords.get("handlers"))
        elif path == "logging.config.dictConfig":
            self._configuration(arguments.get(0) or ())
        elif path.startswith("logging.Logger."):
            method = path.rpartition(".")[2]
            if method == "addHandler":
                handler = _rotating(arguments.get(0) or ())
                if handler:
                    self.names[_name(receiver)] = handler
            elif method in _LEVELS and self.names:
                self._message(frame, _name(receiver), position)
        elif path.startswith("logging.") and self.names:
            if path.rpartition(".")[2] in _LEVELS and path.count(".") == 1:
                self._message(frame, "root", position)

    def _message(self, frame: Frame, name: str, position: int) -> None:
        handler = self.names.get("root")
        parent = name
        while handler is None and parent:
            handler = self.names.get(parent)
            parent = parent.rpartition(".")[0]
        if handler is not None:
            frame.block(position, f"{handler}.emit", "file-log", _BLOCK)

    def _root(self, handlers: Value | None) -> None:
        for atom in handlers or ():
            if isinstance(atom, Sequence):
                for value in atom.items or (atom.element,):
                    handler = _rotating(value)
                    if handler:
                        self.names["root"] = handler

    def _configuration(self, value: Value) -> None:
        configuration = _pairs(value)
        handlers = {
            str(name): _text(_pairs(given).get("class", ()))
            for name, given in _pairs(configuration.get("handlers", ())).items()
        }
        rotating = {n: c for n, c in handlers.items() if c in ROTATING}
        loggers = dict(_pairs(configuration.get("loggers", ())))
        if "root" in configuration:
            loggers["root"] = configuration["root"]
        for name, given in loggers.items():
            for atom in _pairs(given).get("handlers", ()):
                if isinstance(atom, Sequence):
                    for item in atom.items or ():
                        if _text(item) in rotating:
                            self.names[str(name) or "root"] = rotating[_text(item)]


def _pairs(value: Value) -> dict[object, Value]:
    for atom in value:
        if isinstance(atom, Mapping) and atom.items is not None:
            return dict(atom.items)
    return {}


def _text(value: Value) -> str:
    if len(value) == 1 and isinstance(value[0], Const):
        return str(value[0].value)
    return ""


def _rotating(value: Value) -> str:
    for atom in value:
        if isinstance(atom, ExternalInstance) and atom.path in ROTATING:
            return atom.path
    return ""


def _name(receiver: Atom | None) -> str:
    if isinstance(receiver, ExternalInstance) and receiver.arguments:
        return _text(receiver.arguments[0]) or "?"
    return "?"
