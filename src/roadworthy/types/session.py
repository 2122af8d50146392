"""One language server process, spoken to over its standard input and output.

Two threads do the reading and the writing, so that neither side can wait for the other
for ever: whoever wants a message waits with a limit, and a server that is killed sets
both threads free. They hold on to the session only, never to its user.
"""

from __future__ import annotations

import json
import subprocess
import threading
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import IO, Any

Message = dict[str, Any]

INITIALIZE_ID = 0
"""The number of the first request; a user of the session numbers from 1."""

# Nothing that is asked here has an answer near this size.
_LARGEST_MESSAGE = 64 * 1024 * 1024
_LONGEST_HEADER = 4096


class SessionError(Exception):
    """The server died, fell silent or spoke nonsense; the message says which."""


class Session:
    """A server process from its start to its end; the start does not wait for it."""

    def __init__(
        self,
        command: Sequence[str],
        folder: Path,
        environment: Mapping[str, str],
        initialize: Message,
    ) -> None:
        """Start the process and let it begin to initialize.

        Raises `OSError` when the process cannot be started.
        """
        self._outgoing: SimpleQueue[bytes | None] = SimpleQueue()
        self._incoming: SimpleQueue[Message | SessionError] = SimpleQueue()
        self._lost: SessionError | None = None
        self._held: list[Message] | None = []
        self._held_lock = threading.Lock()
        self._process = subprocess.Popen(
            command,
            cwd=folder,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
        assert self._process.stdin is not None and self._process.stdout is not None
        self._threads = (
            threading.Thread(
                target=self._write, args=(self._process.stdin,), daemon=True
            ),
            threading.Thread(
                target=self._read, args=(self._process.stdout,), daemon=True
            ),
        )
        for thread in self._threads:
            thread.start()
        self._put([{"id": INITIALIZE_ID, "method": "initialize", "params": initialize}])

    @property
    def pid(self) -> int:
        """The number of the server process."""
        return self._process.pid

    def initialized(self, seconds: float) -> Message:
        """Wait for the server's answer to `initialize`, and return it.

        To be called once, before anything else is received. Raises `SessionError` when
        the answer does not come in time or is an error.
        """
        reply = self.receive(seconds)
        if reply.get("id") != INITIALIZE_ID or not isinstance(
            reply.get("result"), dict
        ):
            raise SessionError("it refused to initialize")
        result: Message = reply["result"]
        return result

    def send(self, messages: Iterable[Message]) -> None:
        """Send messages in one go, without waiting for the server to take them.

        They are held back until the server has initialized, as the protocol demands.
        """
        with self._held_lock:
            if self._held is None:
                self._put(messages)
            else:
                self._held.extend(messages)

    def receive(self, seconds: float) -> Message:
        """Return the next reply.

        Raises `SessionError` when the server is gone or says nothing for so long.
        """
        if self._lost is not None:
            raise self._lost
        try:
            message = self._incoming.get(timeout=seconds)
        except Empty:
            message = SessionError("it did not answer in time")
        if isinstance(message, SessionError):
            self._lost = message
            raise message
        return message

    def stop(self) -> None:
        """End the process and collect it; harmless when it has ended already.

        Killed and not asked: it has nothing to save, and to take down its tables in
        good order costs it a tenth of a second and more.
        """
        self._process.kill()
        self._process.wait()
        self._outgoing.put(None)
        for thread in self._threads:
            # A process that the server left behind may keep the pipes open; then the
            # threads, which close the pipes, end with it.
            if thread is not threading.current_thread():
                thread.join(1.0)

    def _put(self, messages: Iterable[Message]) -> None:
        frames = []
        for message in messages:
            body = json.dumps({"jsonrpc": "2.0", **message}).encode()
            frames.append(b"Content-Length: %d\r\n\r\n%b" % (len(body), body))
        self._outgoing.put(b"".join(frames))

    def _write(self, pipe: IO[bytes]) -> None:
        try:
            with pipe:
                while (data := self._outgoing.get()) is not None:
                    pipe.write(data)
                    pipe.flush()
        except (OSError, ValueError):
            # The reader notices the end as well, and tells.
            pass

    def _read(self, pipe: IO[bytes]) -> None:
        try:
            with pipe:
                while True:
                    message = _next_message(pipe)
                    if "method" not in message:
                        self._release()
                        self._incoming.put(message)
                    elif "id" in message:
                        self._decline(message)
        except SessionError as lost:
            self._incoming.put(lost)
        except (OSError, ValueError, RecursionError):
            self._incoming.put(SessionError("it wrote something that is no message"))

    def _release(self) -> None:
        """Send what was held back, once the first reply says that it may go."""
        with self._held_lock:
            if self._held is not None:
                self._put([{"method": "initialized", "params": {}}, *self._held])
                self._held = None

    def _decline(self, request: Message) -> None:
        """Answer what the server asks: there are no settings but the first ones."""
        result: list[None] | None = None
        if request["method"] == "workspace/configuration":
            params = request.get("params")
            items = params.get("items") if isinstance(params, dict) else None
            result = [None] * len(items) if isinstance(items, list) else []
        self._put([{"id": request["id"], "result": result}])


def _next_message(pipe: IO[bytes]) -> Message:
    """Read one message: header lines, an empty line, as many bytes as announced."""
    length = -1
    while (line := pipe.readline(_LONGEST_HEADER)) not in (b"\r\n", b"\n"):
        if not line:
            raise SessionError("it ended")
        name, colon, value = line.partition(b":")
        if not colon or not line.endswith(b"\n"):
            raise ValueError("not a header line")
        if name.strip().lower() == b"content-length":
            length = int(value)
    if not 0 <= length <= _LARGEST_MESSAGE:
        raise ValueError("no usable length")
    body = pipe.read(length)
    if len(body) < length:
        raise SessionError("it ended")
    message = json.loads(body)
    if not isinstance(message, dict):
        raise ValueError("not an object")
    return message
