"""What an attempt leaves behind: nothing of its own, all that was there before."""

from __future__ import annotations

from roadworthy.effects.lookup import Catalogue
from roadworthy.values.atoms import external_instance
from roadworthy.values.evaluator import Evaluator
from roadworthy.values.program import Program


def evaluator() -> Evaluator:
    program = Program({}, (), lambda path, is_library: None, lambda name: False)
    return Evaluator(program, Catalogue.load(()))


def test_an_attempt_within_an_iteration_lets_it_go_on() -> None:
    ev = evaluator()
    outer, inner = external_instance("one.Rows"), external_instance("two.Rows")
    ev.iterating.append(outer)
    ev.resolving.append(outer)

    def work() -> None:
        ev.iterating.append(inner)
        ev.resolving.append(inner)
        raise LookupError("no such thing")

    ev.attempt("what is imported", work)
    assert ev.iterating == [outer]
    assert ev.resolving == [outer]
    assert len(ev.faults) == 1
    assert "LookupError: no such thing" in ev.faults[0]
