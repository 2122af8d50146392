"""Files lowered in a second process: the same answers, and nothing lost without it."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from roadworthy import analysis, engine
from roadworthy.project.cache import content_hash
from roadworthy.project.config import Settings
from roadworthy.syntax.source import UnreadableSource, read_bytes
from roadworthy.syntax.worker import Ahead, lower_file

CASES = Path(__file__).parents[1] / "cases"

SERVICE = """\
import time

from fastapi import FastAPI

app = FastAPI()


@app.get("/slow")
async def slow() -> str:
    time.sleep(1)
    return "done"
"""


@contextmanager
def ahead(*paths: Path) -> Iterator[Ahead]:
    worker = Ahead(paths)
    try:
        yield worker
    finally:
        worker.close()


def content_of(path: Path) -> str:
    """Return what tells the content of a file; of one that cannot be read, nothing."""
    try:
        return content_hash(read_bytes(path))
    except UnreadableSource:
        return ""


def process_number(worker: Ahead) -> int:
    process = worker._process
    assert process is not None
    return process.pid


def is_left(number: int) -> bool:
    """Tell whether a child is left behind: running, or dead and not waited for."""
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    return True


def refusal(path: Path) -> tuple[int, str]:
    with pytest.raises(UnreadableSource) as error:
        lower_file(path)
    return error.value.line, error.value.message


def test_answers_are_those_of_this_process() -> None:
    files = sorted(CASES.glob("*/*.py"))[::4]
    assert len(files) > 20
    with ahead(*files) as worker:
        for file in files:
            assert worker.take(file, content_of(file), wait=True) == lower_file(file)


def test_answers_come_in_any_order_and_once(tmp_path: Path) -> None:
    files = [tmp_path / f"{name}.py" for name in ("a", "b c", "ü", "\udcff")]
    for number, file in enumerate(files):
        file.write_text(f"x = {number}\n")
    with ahead(*files) as worker:
        for file in reversed(files):
            assert worker.take(file, content_of(file), wait=True) == lower_file(file)
        for file in files:
            assert worker.take(file, content_of(file), wait=True) is None


def test_files_that_were_not_named_are_none(tmp_path: Path) -> None:
    with ahead() as worker:
        assert (
            worker.take(tmp_path / "a.py", content_of(tmp_path / "a.py"), wait=True)
            is None
        )
        assert worker.take(tmp_path / "a.py", content_of(tmp_path / "a.py")) is None


@pytest.mark.parametrize(
    "content",
    [
        b"def broken(:\n",
        b"x = 1\ny = '\xff'\n",
        b"x = 1\nx = '\0'\n",
        b"x = " + b"(" * 5000 + b")" * 5000 + b"\n",
        b"x = " + b"+".join([b"a"] * 5000) + b"\n",
        b"#" * 5_000_001,
        None,
    ],
    ids=["syntax", "not UTF-8", "NUL", "brackets", "sum", "large", "missing"],
)
def test_unreadable_files_are_told_with_their_lines(
    tmp_path: Path, content: bytes | None
) -> None:
    file, good = tmp_path / "bad.py", tmp_path / "good.py"
    if content is not None:
        file.write_bytes(content)
    good.write_text("x = 1\n")
    line, message = refusal(file)
    with ahead(file, good) as worker:
        with pytest.raises(UnreadableSource) as error:
            worker.take(file, content_of(file), wait=True)
        assert (error.value.line, error.value.message) == (line, message)
        assert worker.take(good, content_of(good), wait=True) == lower_file(good)


def test_a_line_end_in_a_name_does_not_mix_files_up(tmp_path: Path) -> None:
    first, second = tmp_path / "a\nb.py", tmp_path / "c.py"
    first.write_text("x = 1\n")
    second.write_text("y = 'other'\n")
    with ahead(first, second) as worker:
        answer = worker.take(second, content_of(second), wait=True)
    assert answer in (None, lower_file(second))


@pytest.mark.skipif(os.name == "nt", reason="asks the system about processes")
def test_a_closed_worker_is_gone(tmp_path: Path) -> None:
    file = tmp_path / "a.py"
    file.write_text("x = 1\n")
    idle = Ahead([file])
    assert idle.take(file, content_of(file), wait=True) is not None
    busy = Ahead([file] * 5000)
    for worker in (idle, busy):
        number = process_number(worker)
        worker.close()
        worker.close()
        assert not is_left(number)
        assert worker.take(tmp_path / "b.py", "", wait=True) is None


def test_closing_early_is_quiet(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    raised: list[object] = []
    monkeypatch.setattr(threading, "excepthook", raised.append)
    monkeypatch.setattr(sys, "unraisablehook", raised.append)
    file = tmp_path / "a.py"
    file.write_text("x = 1\n" * 100)
    before = set(threading.enumerate())
    for _ in range(8):
        worker = Ahead([file] * 3000)
        worker.take(file, content_of(file), wait=True)
        worker.close()
    for thread in set(threading.enumerate()) - before:
        thread.join()
    assert raised == []


@pytest.mark.skipif(os.name == "nt", reason="sends signals")
def test_a_killed_worker_leaves_what_it_sent(tmp_path: Path) -> None:
    file, rest = tmp_path / "a.py", tmp_path / "b.py"
    file.write_text("x = 1\n")
    rest.write_text("y = 1\n")
    # Far more than a pipe holds, so that it cannot have come to the end.
    with ahead(file, *[file] * 5000, rest) as worker:
        assert worker.take(file, content_of(file), wait=True) is not None
        os.kill(process_number(worker), signal.SIGKILL)
        assert worker.take(rest, content_of(rest), wait=True) is None


def test_without_a_process_nothing_comes_ahead(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", str(tmp_path / "nowhere"))
    file = tmp_path / "a.py"
    file.write_text("x = 1\n")
    with ahead(file) as worker:
        assert worker.take(file, content_of(file), wait=True) is None


@pytest.mark.parametrize("fate", ["lives", "killed at once", "killed later", "missing"])
@pytest.mark.skipif(os.name == "nt", reason="sends signals")
def test_a_run_is_complete_whatever_becomes_of_the_worker(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fate: str
) -> None:
    (tmp_path / "main.py").write_text(SERVICE)
    (tmp_path / "broken.py").write_text("def broken(:\n")
    for number in range(60):
        (tmp_path / f"m{number}.py").write_text("def f(x):\n    return x + 1\n" * 20)
    numbers: list[int] = []

    class Fated(Ahead):
        def __init__(self, paths: list[Path]) -> None:
            if fate == "missing":
                monkeypatch.setattr(sys, "executable", str(tmp_path / "nowhere"))
            super().__init__(paths)
            if fate == "missing":
                return
            numbers.append(process_number(self))
            if fate == "killed later":
                self.take(paths[0], content_of(paths[0]), wait=True)
            if fate != "lives":
                os.kill(numbers[0], signal.SIGKILL)

    monkeypatch.setattr(analysis, "_LARGE", 0)
    monkeypatch.setattr(analysis, "Ahead", Fated)
    settings = Settings(root=tmp_path, select=("RW30",), use_cache=False)
    report = engine.run(tmp_path, settings, None)
    assert [(f.rule, f.path, f.line) for f in report.findings] == [
        ("RW303", "main.py", 10)
    ]
    assert [(u.path, u.line) for u in report.unread] == [("broken.py", 1)]
    assert report.stats["files"] == 62
    assert len(numbers) == (fate != "missing")
    assert not any(map(is_left, numbers))


def test_modules_of_the_checked_folder_are_not_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    marker = tmp_path / "was run"
    for name in ("struct", "subprocess", "marshal", "roadworthy"):
        (tmp_path / f"{name}.py").write_text(f"open({str(marker)!r}, 'w')\n")
    file = tmp_path / "a.py"
    file.write_text("x = 1\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [p for p in sys.path if p not in ("", ".")])
    with ahead(file) as worker:
        answer = worker.take(file, content_of(file), wait=True)
    assert not marker.exists()
    assert answer == lower_file(file)
