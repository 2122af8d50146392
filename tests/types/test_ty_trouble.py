"""A server that dies, falls silent or speaks nonsense costs answers, never a hang."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from roadworthy.types import Question, Target, TyEngine, TypeEngineUnavailable

FAKE = Path(__file__).with_name("fake_ty.py")

pytestmark = pytest.mark.skipif(
    os.name == "nt", reason="the stand-in is a script with an interpreter line"
)

StartEngine = Callable[..., TyEngine]


@pytest.fixture
def start(tmp_path: Path) -> StartEngine:
    """Return a function that starts an engine on a stand-in of the given mode."""

    def start(mode: str, patience: float = 20.0) -> TyEngine:
        text = FAKE.read_text()
        text = text.replace('MODE = "good"', f"MODE = {mode!r}")
        text = text.replace('"lives.txt"', repr(str(lives(tmp_path))))
        script = tmp_path / "ty"
        script.write_text(f"#!{sys.executable} -IS\n{text}")
        script.chmod(0o755)
        return TyEngine(tmp_path, executable=script, patience=patience)

    return start


def lives(folder: Path) -> Path:
    return folder / "lives.txt"


def process_numbers(folder: Path) -> list[int]:
    return [int(line) for line in lives(folder).read_text().split()]


def is_running(number: int) -> bool:
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    return True


def questions(folder: Path, count: int) -> list[Question]:
    return [Question(str(folder / "a.py"), line, 1) for line in range(1, count + 1)]


def echoes(asked: list[Question]) -> list[tuple[Target, ...]]:
    return [(Target(q.path, q.line, q.column),) for q in asked]


@pytest.mark.parametrize(
    "mode", ["good", "busy once", "modified once", "asks back", "dies once"]
)
def test_every_question_is_answered_in_order(
    mode: str, start: StartEngine, tmp_path: Path
) -> None:
    asked = questions(tmp_path, 130)
    with start(mode) as engine:
        assert engine.definitions(asked) == echoes(asked)


def test_a_server_that_dies_once_is_started_again(
    start: StartEngine, tmp_path: Path
) -> None:
    asked = questions(tmp_path, 10)
    with start("dies once") as engine:
        engine.definitions(asked)
        first, second = process_numbers(tmp_path)
        assert not is_running(first)
        assert is_running(second)
    assert not is_running(second)


def test_a_server_that_falls_silent_once_is_started_again(
    start: StartEngine, tmp_path: Path
) -> None:
    asked = questions(tmp_path, 3)
    with start("silent once", patience=3.0) as engine:
        assert engine.definitions(asked) == echoes(asked)
    assert len(process_numbers(tmp_path)) == 2


@pytest.mark.parametrize(
    ("mode", "reason"),
    [
        ("dies always", "it ended"),
        ("garbage", "no message"),
        ("endless line", "no message"),
        ("nonsense", "makes no sense"),
    ],
)
def test_a_server_that_is_lost_twice_is_given_up(
    mode: str, reason: str, start: StartEngine, tmp_path: Path
) -> None:
    with start(mode) as engine:
        with pytest.raises(TypeEngineUnavailable, match=reason):
            engine.definitions(questions(tmp_path, 2))
        with pytest.raises(TypeEngineUnavailable, match="lost twice"):
            engine.definitions(questions(tmp_path, 2))
    numbers = process_numbers(tmp_path)
    assert len(numbers) == 2
    assert not any(is_running(number) for number in numbers)


@pytest.mark.parametrize("mode", ["mute", "silent", "always busy"])
def test_nobody_waits_for_ever(mode: str, start: StartEngine, tmp_path: Path) -> None:
    with start(mode, patience=0.5) as engine:
        # Larger than a pipe takes while nobody reads at its other end.
        engine.overlay(str(tmp_path / "a.py"), "x = 1\n" * 200_000)
        with pytest.raises(TypeEngineUnavailable, match="lost twice"):
            engine.definitions(questions(tmp_path, 2))
    assert not any(is_running(number) for number in process_numbers(tmp_path))


@pytest.mark.parametrize(
    ("mode", "reason"), [("utf-16", "does not count"), ("old", "knows no textDocument")]
)
def test_a_server_that_cannot_do_the_work_is_not_started_again(
    mode: str, reason: str, start: StartEngine, tmp_path: Path
) -> None:
    with (
        start(mode) as engine,
        pytest.raises(TypeEngineUnavailable, match=f"{reason}.*pip install"),
    ):
        engine.definitions(questions(tmp_path, 1))
    assert len(process_numbers(tmp_path)) == 1


def test_trouble_with_one_place_leaves_only_that_one_unanswered(
    start: StartEngine, tmp_path: Path
) -> None:
    asked = questions(tmp_path, 3)
    with start("panics") as engine:
        first, second, third = engine.definitions(asked)
    assert (second, [first, third]) == ((), echoes([asked[0], asked[2]]))


def test_prefetched_answers_are_not_taken_for_others(
    start: StartEngine, tmp_path: Path
) -> None:
    asked = questions(tmp_path, 5)
    with start("good") as engine:
        engine.prefetch(asked[2:])
        assert engine.definitions(asked) == echoes(asked)


def test_a_closed_engine_says_so(start: StartEngine, tmp_path: Path) -> None:
    engine = start("good")
    engine.close()
    engine.close()
    with pytest.raises(TypeEngineUnavailable, match="closed"):
        engine.definitions(questions(tmp_path, 1))


def test_a_forgotten_engine_takes_its_server_along(
    start: StartEngine, tmp_path: Path
) -> None:
    engine = start("good")
    engine.definitions(questions(tmp_path, 1))
    del engine
    gc.collect()
    (number,) = process_numbers(tmp_path)
    assert not is_running(number)


def test_the_server_is_not_heard_on_stderr(
    start: StartEngine, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    with start("good") as engine:
        engine.definitions(questions(tmp_path, 1))
    assert capfd.readouterr() == ("", "")


def test_a_program_that_does_not_start_is_told_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(TypeEngineUnavailable, match=r"does not start.*pip install"):
        TyEngine(tmp_path, executable=tmp_path / "nothing")
