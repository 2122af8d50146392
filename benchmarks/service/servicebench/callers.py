"""Callers that keep asking a service over their own connections, and what they were told."""

from __future__ import annotations

import contextlib
import http.client
import json
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

BROKEN = 0
"""The status of a request that got no answer."""


@dataclass(frozen=True, slots=True)
class Told:
    """One answer: when it came and how long it took, in seconds; what it was."""

    moment: float
    seconds: float
    status: int
    media_type: str
    body: bytes
    sent: object


@dataclass(slots=True)
class Connection:
    """A connection to a service that is opened anew when it has broken."""

    base: str
    timeout: float = 30
    _open: http.client.HTTPConnection | None = field(default=None, init=False)

    def ask(
        self,
        method: str,
        path: str,
        token: str | None = None,
        body: object = None,
    ) -> Told:
        """Send a request and return the answer; broken connections are answers too."""
        parts = urlsplit(self.base)
        headers = {"Content-Type": "application/json"} if body is not None else {}
        if token is not None:
            headers["Authorization"] = f"Bearer {token}"
        data = None if body is None else json.dumps(body)
        begun = time.monotonic()
        try:
            if self._open is None:
                self._open = http.client.HTTPConnection(
                    parts.netloc, timeout=self.timeout
                )
            self._open.request(method, parts.path + path, data, headers)
            answer = self._open.getresponse()
            content = answer.read()
            status, kind = answer.status, answer.headers.get_content_type()
        except (OSError, http.client.HTTPException) as error:
            if self._open is not None:
                self._open.close()
            self._open = None
            status, kind, content = BROKEN, "", repr(error).encode()
        now = time.monotonic()
        return Told(now, now - begun, status, kind, content, body)


@contextlib.contextmanager
def asking(
    base: str, turns: Sequence[Callable[[Connection], Told]], pause: float = 0.005
) -> Iterator[list[Told]]:
    """Run each turn in a thread of its own, over and over, until the block is left.

    Yields the list that the answers go into; they may be read while more come.
    """
    told: list[Told] = []
    stop = threading.Event()

    def run(turn: Callable[[Connection], Told]) -> None:
        connection = Connection(base)
        while not stop.is_set():
            told.append(turn(connection))
            time.sleep(pause)

    threads = [threading.Thread(target=run, args=(turn,)) for turn in turns]
    for thread in threads:
        thread.start()
    try:
        yield told
    finally:
        stop.set()
        for thread in threads:
            thread.join()


def quantile(values: Sequence[float], part: float) -> float:
    """Return the value below which this part of the values lies, of 0 at least one."""
    ordered = sorted(values)
    return ordered[min(int(part * len(ordered)), len(ordered) - 1)]
