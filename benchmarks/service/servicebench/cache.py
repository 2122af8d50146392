"""A Redis of our own, on a port of its own, that may be stopped and started."""

from __future__ import annotations

import contextlib
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from servicebench.process import StartError, free_port


@dataclass(slots=True)
class Redis:
    """A server: its folder and port, and the process while it runs."""

    folder: Path
    port: int
    _process: subprocess.Popen[bytes] | None = field(default=None, init=False)

    @property
    def url(self) -> str:
        """Return its address."""
        return f"redis://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start it and wait until it answers. Raises `StartError`."""
        words = ["redis-server", "--port", str(self.port), "--dir", str(self.folder)]
        words += ["--save", "", "--appendonly", "no", "--bind", "127.0.0.1"]
        self._process = subprocess.Popen(words, stdout=subprocess.DEVNULL)
        ping = ["redis-cli", "-p", str(self.port), "ping"]
        for _ in range(100):
            if subprocess.run(ping, capture_output=True).stdout.strip() == b"PONG":
                return
            time.sleep(0.05)
        raise StartError("Redis does not answer")

    def stop(self) -> None:
        """Stop it, if it runs."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait(10)
            self._process = None


@contextlib.contextmanager
def redis() -> Iterator[Redis]:
    """Run a new Redis until the block is left. Raises `StartError`."""
    with tempfile.TemporaryDirectory(prefix="servicebench-redis-") as name:
        server = Redis(Path(name), free_port())
        try:
            server.start()
        except FileNotFoundError:
            raise StartError("Redis is not installed: no `redis-server`") from None
        try:
            yield server
        finally:
            server.stop()
