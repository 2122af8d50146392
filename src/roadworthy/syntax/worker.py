"""A second process that lowers files ahead of their being asked for.

It reads paths from standard input, one a line, and writes for each a length and the
marshalled answer: the hash of the file's content with its code, or with the line and the
reason why it cannot be read. Evaluation runs meanwhile in the first process.
"""

from __future__ import annotations

import contextlib
import gc
import marshal
import struct
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from roadworthy.project.cache import content_hash
from roadworthy.syntax.code import Node
from roadworthy.syntax.lower import lower_module
from roadworthy.syntax.source import (
    SourceFile,
    UnreadableSource,
    parse_source,
    read_bytes,
    read_source,
)

_LENGTH = struct.Struct("<I")

_START = (
    "import sys; sys.path[:] = sys.argv[1:]; "
    "from roadworthy.syntax.worker import main; main()"
)
"""Not `-m`, which would look for modules in this folder first: it may be the project's,
whose code is never run."""


def lower_file(path: Path) -> Node:
    """Return the code of a file as a plain tuple.

    Raises:
        UnreadableSource: it cannot be read, parsed or lowered.
    """
    return lower_tree(read_source(path))


def lower_tree(source: SourceFile) -> Node:
    """Return the code of a file that has been parsed.

    Raises:
        UnreadableSource: it is nested too deeply.
    """
    try:
        return lower_module(source.tree)
    except RecursionError as error:
        raise UnreadableSource(
            "is nested too deeply to be checked; simplify it, or leave it out with "
            "`exclude` under [tool.roadworthy]"
        ) from error


class Ahead:
    """Answers of a second process, as far as they have come."""

    def __init__(self, paths: Sequence[Path]) -> None:
        """Start the process; without one (no resources), nothing comes ahead."""
        self._answers: dict[Path, bytes] = {}
        self._arrived = threading.Condition()
        self._ended = False
        # Names go one a line; a file with a line end in its name is read in-process.
        self._waiting = [path for path in paths if "\n" not in str(path)]
        self._process: subprocess.Popen[bytes] | None = None
        self._threads = [
            threading.Thread(target=self._collect, daemon=True),
            threading.Thread(target=self._send, daemon=True),
        ]
        folders = [folder for folder in sys.path if folder]
        with contextlib.suppress(OSError):
            self._process = subprocess.Popen(
                [sys.executable, "-I", "-c", _START, *folders],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )
        if self._process is None:
            self._ended = True
            return
        for thread in self._threads:
            thread.start()

    def _send(self) -> None:
        assert self._process is not None and self._process.stdin is not None
        text = "".join(f"{path}\n" for path in self._waiting)
        with contextlib.suppress(OSError), self._process.stdin as stream:
            stream.write(text.encode("utf-8", "surrogateescape"))

    def _collect(self) -> None:
        assert self._process is not None and self._process.stdout is not None
        stream = self._process.stdout
        for path in self._waiting:
            head = stream.read(_LENGTH.size)
            if len(head) < _LENGTH.size:
                break
            (length,) = _LENGTH.unpack(head)
            data = stream.read(length)
            if len(data) < length:
                break
            with self._arrived:
                self._answers[path] = data
                self._arrived.notify_all()
        with self._arrived:
            self._ended = True
            self._arrived.notify_all()

    def take(self, path: Path, content: str, *, wait: bool = False) -> Node | None:
        """Return a file's code if it has come; `wait` for it while more is coming.

        `content` is the hash of what the file holds: code of anything else is not it.

        Raises:
            UnreadableSource: the answer is that the file cannot be read.
        """
        with self._arrived:
            while wait and path not in self._answers and not self._ended:
                self._arrived.wait()
            data = self._answers.pop(path, None)
        if data is None:
            return None
        answer: Any = marshal.loads(data)
        if answer[1] != content:
            return None
        if answer[0] == "unread":
            raise UnreadableSource(answer[3], answer[2])
        code: Node = answer[2]
        return code

    def close(self) -> None:
        """End the process."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            for thread in self._threads:
                thread.join()
            if self._process.stdout is not None:
                self._process.stdout.close()


def main() -> None:
    """Lower the files named on standard input."""
    sys.setrecursionlimit(20_000)
    gc.disable()
    output = sys.stdout.buffer
    for line in sys.stdin.buffer:
        path = Path(line.rstrip(b"\n").decode("utf-8", "surrogateescape"))
        answer: tuple[Any, ...]
        content = ""
        try:
            source = read_bytes(path)
            content = content_hash(source)
            answer = ("code", content, lower_tree(parse_source(source, path)))
        except UnreadableSource as error:
            answer = ("unread", content, error.line, error.message)
        data = marshal.dumps(answer)
        output.write(_LENGTH.pack(len(data)))
        output.write(data)
        output.flush()
