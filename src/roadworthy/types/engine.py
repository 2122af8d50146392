"""What can be asked of a type checker, whichever it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


class TypeEngineUnavailable(Exception):  # noqa: N818 - a state, not a mistake
    """The type checker cannot be used (any more); the message says what to do."""


@dataclass(frozen=True, slots=True)
class Question:
    """A place in a file: absolute path, line and column.

    Both begin at 1, and columns count characters (as `str` does, not the UTF-8 bytes
    of `ast`). For `client.get(url)` the place of `get` asks for the method.
    """

    path: str
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Target:
    """Where a name is defined: the place of the name itself, counted like a question's.

    `module` is the dotted name of the module that the file holds when it is the
    library's (`pathlib` for the type checker's own stub of it, for the interpreter's
    `pathlib.py`, `httpx._api` for an installed package) and `None` for other files.
    """

    path: str
    line: int
    column: int
    module: str | None = None

    @property
    def is_stub(self) -> bool:
        """Whether the file gives types only and no code."""
        return self.path.endswith(".pyi")


class TypeEngine(Protocol):
    """A type checker to which many questions are put at once.

    Answers come in the order of the questions. Every method raises
    `TypeEngineUnavailable` when the type checker cannot be started or is lost.
    """

    def definitions(self, questions: Sequence[Question]) -> list[tuple[Target, ...]]:
        """Return where the names at these places are defined, in code where there is any.

        Overloads come before the implementation, a union has a target for each member,
        and an unknown name has none.
        """
        ...

    def declarations(self, questions: Sequence[Question]) -> list[tuple[Target, ...]]:
        """Return where the names are declared: the stub, where there is one.

        What a stub says does not depend on the interpreter that is installed, so
        standard library names from here are the same everywhere. (Definitions differ:
        `pathlib.Path` is found in code for Python 3.12, in the stub for 3.13.)
        """
        ...

    def type_definitions(
        self, questions: Sequence[Question]
    ) -> list[tuple[Target, ...]]:
        """Return where the types of the values at these places are defined.

        A value of unknown type has none.
        """
        ...

    def hover_types(self, questions: Sequence[Question]) -> list[str | None]:
        """Return the types of what is at these places, as text without documentation."""
        ...

    def prefetch(self, questions: Sequence[Question]) -> None:
        """Let the type checker begin with definitions soon to be asked; wait for none."""
        ...

    def overlay(self, path: str, text: str | None) -> None:
        """From now on read `text` in place of the file; `None` goes back to the disk."""
        ...

    def close(self) -> None:
        """End the type checker; a second call does nothing."""
        ...
