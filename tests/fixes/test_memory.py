"""Rounds leave what they have built until there is a reason to look through it."""

from __future__ import annotations

import gc
import weakref

import pytest

from roadworthy import lifetime


class Knot:
    """Refers to itself, so that only the collector can take it away."""

    def __init__(self) -> None:
        self.me = self


def _knot() -> weakref.ref[Knot]:
    return weakref.ref(Knot())


def test_what_is_done_stays_while_there_is_room() -> None:
    with lifetime.collecting_rarely() as tidy:
        knot = _knot()
        assert not gc.isenabled()
        tidy()
        assert knot() is not None
    assert gc.isenabled()


@pytest.mark.parametrize("room", [lambda: None, iter(range(0, 1 << 40, 1 << 34))])
def test_it_is_collected_where_much_has_come_or_nobody_tells(
    room: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = room if callable(room) else room.__next__  # type: ignore[attr-defined]
    monkeypatch.setattr(lifetime, "_resident", told)
    with lifetime.collecting_rarely() as tidy:
        knot = _knot()
        tidy()
        assert knot() is None


def test_a_process_that_collects_nothing_goes_on_so() -> None:
    gc.disable()
    try:
        with lifetime.collecting_rarely() as tidy:
            knot = _knot()
            tidy()
            assert knot() is not None
        assert not gc.isenabled()
    finally:
        gc.enable()
