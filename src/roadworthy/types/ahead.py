"""Questions put to a type checker as they come up, while other work goes on."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from queue import SimpleQueue

from roadworthy.types.engine import (
    Question,
    Target,
    TypeEngine,
    TypeEngineUnavailable,
)

_AT_ONCE = 32


class AskedAhead:
    """Definitions that a type checker looks up in a thread of its own."""

    def __init__(self, start: Callable[[], TypeEngine]) -> None:
        """Remember how to start the type checker; the first question starts it.

        `start` runs in the thread and may raise `TypeEngineUnavailable`.
        """
        self._start = start
        self._engine: TypeEngine | None = None
        self._failure: TypeEngineUnavailable | None = None
        self._waiting: SimpleQueue[Question | None] = SimpleQueue()
        self._answers: dict[Question, tuple[Target, ...]] = {}
        self._thread: threading.Thread | None = None
        self._closing = False

    def expect(self, question: Question) -> None:
        """Let the type checker work on a question that is to be asked."""
        self._waiting.put(question)
        if self._thread is None:
            self._thread = threading.Thread(
                target=self._work, name="roadworthy types", daemon=True
            )
            self._thread.start()

    def definitions(self, questions: Sequence[Question]) -> list[tuple[Target, ...]]:
        """Return where the names are defined; to be called once, when all are known.

        Raises:
            TypeEngineUnavailable: the type checker cannot be used.
        """
        for question in questions:
            self.expect(question)
        self._waiting.put(None)
        if self._thread is not None:
            self._thread.join()
        if self._failure is not None:
            raise self._failure
        return [self._answers[question] for question in questions]

    def close(self) -> None:
        """End the type checker, whatever it is doing."""
        self._closing = True
        self._waiting.put(None)
        if self._thread is not None:
            self._thread.join()
        if self._engine is not None:
            self._engine.close()

    def _work(self) -> None:
        try:
            self._engine = self._start()
            going_on = True
            while going_on and not self._closing:
                portion: list[Question] = []
                question = self._waiting.get()
                while question is not None:
                    if question not in self._answers and question not in portion:
                        portion.append(question)
                    if len(portion) >= _AT_ONCE or self._waiting.empty():
                        break
                    question = self._waiting.get()
                going_on = question is not None
                answers = self._engine.definitions(portion)
                self._answers.update(zip(portion, answers, strict=True))
        except TypeEngineUnavailable as error:
            self._failure = error
