"""Questions asked as they come up: the same answers, and the same failures."""

from __future__ import annotations

import threading
from collections.abc import Sequence

import pytest

from roadworthy.types import AskedAhead, Question, Target, TypeEngineUnavailable


class Checker:
    """Answers with the question's own place, some questions at a time."""

    def __init__(self, limit: int = 1000) -> None:
        self.asked: list[Question] = []
        self.closed = False
        self._limit = limit

    def definitions(self, questions: Sequence[Question]) -> list[tuple[Target, ...]]:
        self.asked.extend(questions)
        if len(self.asked) > self._limit:
            raise TypeEngineUnavailable("it was lost")
        return [(Target(q.path, q.line, q.column),) for q in questions]

    def close(self) -> None:
        self.closed = True


def question(number: int) -> Question:
    return Question("/project/a.py", number, 1)


def ahead(checker: Checker) -> AskedAhead:
    return AskedAhead(lambda: checker)  # type: ignore[arg-type, return-value]


def test_each_question_is_asked_once_and_answered_in_order() -> None:
    checker = Checker()
    types = ahead(checker)
    for number in (3, 1, 2, 1):
        types.expect(question(number))
    wanted = [question(n) for n in (1, 2, 3, 99, 1)]
    answers = types.definitions(wanted)
    types.close()
    assert [target.line for (target,) in answers] == [1, 2, 3, 99, 1]
    assert sorted(q.line for q in checker.asked) == [1, 2, 3, 99]
    assert checker.closed


def test_a_lost_checker_is_told_when_its_answers_are_wanted() -> None:
    types = ahead(Checker(limit=40))
    for number in range(100):
        types.expect(question(number))
    with pytest.raises(TypeEngineUnavailable, match="it was lost"):
        types.definitions([question(5)])
    types.close()


def test_a_checker_that_does_not_start_is_told_too() -> None:
    def start() -> Checker:
        raise TypeEngineUnavailable("there is none")

    types = AskedAhead(start)  # type: ignore[arg-type]
    types.expect(question(1))
    with pytest.raises(TypeEngineUnavailable, match="there is none"):
        types.definitions([question(1)])
    types.close()


def test_without_a_question_nothing_is_started() -> None:
    def start() -> Checker:
        raise AssertionError("started")

    AskedAhead(start).close()  # type: ignore[arg-type]


def test_closing_early_leaves_no_thread_behind() -> None:
    before = set(threading.enumerate())
    checker = Checker()
    types = ahead(checker)
    for number in range(500):
        types.expect(question(number))
    types.close()
    types.close()
    assert set(threading.enumerate()) <= before
    assert checker.closed
