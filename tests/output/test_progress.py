"""The progress bar."""

import io
import time

import pytest

from roadworthy.output.progress import Progress, bar


class Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.fixture
def clock(monkeypatch):
    now = [100.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    return now


def test_is_silent_in_a_short_run(clock):
    stream = Terminal()
    with Progress(stream) as progress:
        clock[0] += 0.9
        progress("reading", 1, 2)
    assert stream.getvalue() == ""


def test_draws_after_a_second_and_leaves_no_trace(clock):
    stream = Terminal()
    with Progress(stream) as progress:
        clock[0] += 1.1
        progress("reading", 1, 2)
        progress("reading", 2, 2)
    assert stream.getvalue() == (
        "\rreading [############............] 1/2\x1b[K\r\x1b[K"
    )


def test_is_silent_where_no_terminal_watches(clock):
    stream = io.StringIO()
    with Progress(stream) as progress:
        clock[0] += 5
        progress("reading", 1, 2)
    assert stream.getvalue() == ""


def test_line_is_taken_away_when_the_run_fails(clock):
    stream = Terminal()
    with pytest.raises(RuntimeError), Progress(stream) as progress:
        clock[0] += 5
        progress("reading", 1, 2)
        raise RuntimeError
    assert stream.getvalue().endswith("\r\x1b[K")


@pytest.mark.parametrize(
    ("done", "total", "line"),
    [
        (0, 0, "asking ..."),
        (7, 0, "asking 7"),
        (0, 4, "asking [........................] 0/4"),
        (9, 4, "asking [########################] 9/4"),
    ],
)
def test_bar(done, total, line):
    assert bar("asking", done, total) == line
