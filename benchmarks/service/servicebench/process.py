"""Starts a server, waits until it answers, and ends it and its children."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path


class StartError(Exception):
    """A server did not come up; the message holds the end of what it said."""


def free_port() -> int:
    """Return a port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def environment(changes: Mapping[str, str]) -> dict[str, str]:
    """Return this process's environment with changes, and without its Python's."""
    kept = {
        k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "VIRTUAL_"))
    }
    return {**kept, **changes}


def call(words: Sequence[str], folder: Path, changes: Mapping[str, str]) -> None:
    """Run a command to its end. Raises `StartError` if it fails."""
    done = subprocess.run(
        words, cwd=folder, env=environment(changes), capture_output=True, text=True
    )
    if done.returncode != 0:
        said = (done.stdout + done.stderr)[-3000:]
        raise StartError(f"{' '.join(words)} failed:\n{said}")


@contextlib.contextmanager
def server(
    words: Sequence[str],
    folder: Path,
    changes: Mapping[str, str],
    ready: str,
    *,
    log: Path,
    seconds: float = 40,
) -> Iterator[subprocess.Popen[bytes]]:
    """Run a server until the block is left; it answers at the URL `ready` by then.

    Raises:
        StartError: it ended, or did not answer within `seconds`.
    """
    with log.open("wb") as output:
        process = subprocess.Popen(
            words,
            cwd=folder,
            env=environment(changes),
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        _wait(process, ready, seconds, log)
        yield process
    finally:
        end(process)


def end(process: subprocess.Popen[bytes]) -> None:
    """End a process that leads a session of its own, with all it has started."""
    for number, patience in ((signal.SIGTERM, 10.0), (signal.SIGKILL, 10.0)):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, number)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(patience)
            return


def cpu_seconds(session: int) -> float:
    """Return the processor time of all processes of a session that still run (Linux)."""
    ticks = 0
    for path in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            # The name, in parentheses, may hold anything; what follows it does not.
            fields = path.read_text().rpartition(")")[2].split()
            if int(fields[3]) == session:
                ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def _wait(
    process: subprocess.Popen[bytes], ready: str, seconds: float, log: Path
) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if process.poll() is not None:
            break
        try:
            with urllib.request.urlopen(ready, timeout=2) as answer:
                if answer.status == 200:
                    return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    said = log.read_text(errors="replace")[-3000:]
    raise StartError(f"the server does not answer at {ready}; it said:\n{said}")
