"""Runs tools and measures them: wall time, and memory of all their processes."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

_LAUNCH = Path(__file__).with_name("launch.py")
_SAMPLE_SECONDS = 0.02


class RunError(Exception):
    """A tool could not do its work; the message says how it ended."""


@dataclass(frozen=True, slots=True)
class Run:
    """One run of a tool: wall time, peak memory in bytes, what it printed.

    `memory` is that of all its processes together where it was sampled (Linux), else
    that of the largest one.
    """

    seconds: float
    memory: int
    output: str


def run(
    command: Sequence[str],
    folder: Path,
    environment: Mapping[str, str],
    timeout: float,
    sampled: bool = False,
) -> Run:
    """Run a command in a folder; `sampled` watches its memory, which costs a little time.

    Exit status 1 is how the tools say that they found something. Raises `RunError` for
    any other but 0, for a Python traceback, and after `timeout` seconds.
    """
    with tempfile.TemporaryDirectory() as scratch:
        result, out, err = (Path(scratch, name) for name in ("result", "out", "err"))
        launcher = [sys.executable, "-I", "-S", str(_LAUNCH), str(result)]
        with out.open("wb") as stdout, err.open("wb") as stderr:
            process = subprocess.Popen(
                [*launcher, *command],
                stdin=subprocess.DEVNULL,
                stdout=stdout,
                stderr=stderr,
                cwd=folder,
                env=environment,
                start_new_session=True,
            )
            watch = _Watch(process.pid) if sampled else None
            try:
                process.wait(timeout)
            except subprocess.TimeoutExpired:
                raise RunError(f"not done after {timeout:.0f} s") from None
            finally:
                # Nothing that the tool started outlives it.
                with contextlib.suppress(OSError):
                    os.killpg(process.pid, signal.SIGKILL)
                process.wait()
                together = watch.stop() if watch else 0
        complaint = err.read_text("utf-8", "replace").strip()
        if not result.is_file():
            raise RunError(f"could not be started: {_last_words(complaint)}")
        seconds, largest, status = result.read_text("utf-8").split()
        if int(status) not in (0, 1) or "Traceback (most recent" in complaint:
            raise RunError(f"ended with status {status}: {_last_words(complaint)}")
        unit = 1 if sys.platform == "darwin" else 1024
        return Run(
            seconds=float(seconds),
            memory=max(int(largest) * unit, together),
            output=out.read_text("utf-8", "replace"),
        )


def _last_words(text: str) -> str:
    return " / ".join(text.splitlines()[-2:])[-300:] if text else "nothing was said"


class _Watch:
    """Samples the resident memory of all descendants of a process, together."""

    def __init__(self, process: int) -> None:
        self._process = process
        self._peak = 0
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._sample, daemon=True)
        self._thread.start()

    def stop(self) -> int:
        """End the watch and return the peak in bytes; 0 where there is no `/proc`."""
        self._done.set()
        self._thread.join()
        return self._peak

    def _sample(self) -> None:
        while not self._done.wait(_SAMPLE_SECONDS):
            together = sum(resident(child) for child in descendants(self._process))
            self._peak = max(self._peak, together)


def descendants(process: int) -> Iterator[int]:
    """Yield the children of a process and theirs, as Linux tells them."""
    with contextlib.suppress(OSError):
        for task in Path(f"/proc/{process}/task").iterdir():
            for word in (task / "children").read_text("ascii").split():
                yield int(word)
                yield from descendants(int(word))


def resident(process: int) -> int:
    """Return the resident memory of a process in bytes; 0 if it is gone."""
    try:
        pages = Path(f"/proc/{process}/statm").read_text("ascii").split()[1]
    except (OSError, IndexError):
        return 0
    return int(pages) * os.sysconf("SC_PAGE_SIZE")
