"""What the type checker tells late reaches the callers, who are not evaluated for it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from roadworthy import analysis, engine
from roadworthy.findings import Report
from roadworthy.project.config import Settings
from roadworthy.types import Question, Target
from roadworthy.values import renewal
from roadworthy.values.evaluator import Evaluator
from roadworthy.values.frames import CallKey

SERVICE = """\
import time
from pathlib import Path

from fastapi import FastAPI

app = FastAPI()


class Worker:
    def work_slowly(self):
        time.sleep(1)
        return {value}


def inner():
    worker = eval("Worker()")
    {call}


def middle():
    return inner()


def outer(again):
    found = middle()
    if again:
        outer(False)
    return found


@app.get("/slow")
async def slow() -> str:
    outer(True)
    return "done"


@app.get("/slower")
async def slower() -> str:
    outer(True){used}
    return "done"
"""


class Told:
    """A type checker that finds every method where the file first defines its name."""

    def __init__(self, start: object) -> None:
        self.asked: list[Question] = []

    def expect(self, question: Question) -> None:
        self.asked.append(question)

    def definitions(self, questions: Sequence[Question]) -> list[tuple[Target, ...]]:
        assert set(questions) <= set(self.asked)
        return [self._find(question) for question in questions]

    def close(self) -> None:
        pass

    @staticmethod
    def _find(question: Question) -> tuple[Target, ...]:
        lines = Path(question.path).read_text("utf-8").split("\n")
        text = lines[question.line - 1][question.column - 1 :]
        name = text.partition("(")[0]
        for number, line in enumerate(lines, 1):
            if f"def {name}(" in line:
                return (Target(question.path, number, line.index(name) + 1),)
        return ()


@pytest.fixture
def renewed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the names of the functions that are evaluated anew, as they are."""
    names: list[str] = []
    plain: Callable[[Evaluator, CallKey], bool] = renewal._evaluate

    def evaluate(ev: Evaluator, key: CallKey) -> bool:
        names.append(key.function.code.name)
        return plain(ev, key)

    monkeypatch.setattr(renewal, "_evaluate", evaluate)
    monkeypatch.setattr(analysis, "AskedAhead", Told)
    return names


def check(root: Path, *, call: str, value: str = "None", used: str = "") -> Report:
    text = SERVICE.format(call=call, value=value, used=used)
    (root / "main.py").write_text(text, "utf-8")
    select = tuple(f"RW30{number}" for number in range(1, 9))
    return engine.run(root, Settings(root=root, select=select, use_cache=False), None)


def chains(report: Report) -> list[tuple[str, list[str]]]:
    """Return rule and called functions of each finding."""
    return [
        (f.rule, [step.callee.rpartition(".")[2] for step in f.chain])
        for f in report.findings
    ]


CHAIN = ("RW303", ["outer", "middle", "inner", "work_slowly", "sleep"])


def test_callers_are_not_evaluated_for_effects_alone(
    tmp_path: Path, renewed: list[str]
) -> None:
    report = check(tmp_path, call="worker.work_slowly()")
    assert report.stats["types_told"] == 1
    assert renewed == ["inner"]
    assert chains(report) == [CHAIN, CHAIN]


def test_callers_are_evaluated_where_values_change(
    tmp_path: Path, renewed: list[str]
) -> None:
    report = check(
        tmp_path,
        call="return worker.work_slowly()",
        value="Path('x')",
        used=".read_text()",
    )
    assert renewed.count("inner") == 1
    assert {"middle", "outer", "slow", "slower"} <= set(renewed)
    assert chains(report).count(CHAIN) == 2
    # What the innermost function returns is now known where the outermost is called.
    assert [rule for rule, chain in chains(report) if chain == ["read_text"]] == [
        "RW304"
    ]


def test_what_is_called_comes_before_its_callers() -> None:
    made = {name: CallKey(*([None] * 3), bound=()) for name in "abcde"}  # type: ignore[arg-type]
    for caller, called in ("ab", "ac", "bd", "cd", "de", "eb"):
        made[caller].callees[made[called]] = None
    order = list(renewal._callees_first(made.values()))
    assert sorted(map(id, order)) == sorted(map(id, made.values()))
    assert order[-1] is made["a"]
    assert order.index(made["d"]) < order.index(made["c"])
