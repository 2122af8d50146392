"""Questions to ty, over its language server.

What ty 0.0.105 does decides a lot here: it answers for files that were never opened; it
counts columns in characters when asked to; it reads the project's and the user's own
configuration unless told otherwise; and it writes the standard library's stubs that it
has inside to the user's cache, where its answers then point.
"""

from __future__ import annotations

import os
import re
import shutil
import tempfile
import threading
import time
import weakref
from collections import deque
from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, TypeVar

from roadworthy.types.engine import Question, Target, TypeEngineUnavailable
from roadworthy.types.launch import (
    INSTALL,
    can_keep_stubs,
    find_ty,
    server_environment,
    server_settings,
)
from roadworthy.types.library import library_module, path_to_uri, uri_to_path
from roadworthy.types.session import Message, Session, SessionError

Answer = TypeVar("Answer")

PATIENCE = 30.0
"""Seconds without a useful answer after which the server counts as lost."""

# Enough to keep the server's threads busy; servers of other versions refuse from about
# a hundred on.
_IN_FLIGHT = 48
_RESTARTS = 1

_METHOD_NOT_FOUND = -32601
# Content modified, server cancelled, request cancelled: ask again.
_TRANSIENT_ERRORS = frozenset({-32801, -32802, -32800})
_FIRST_PAUSE, _LONGEST_PAUSE = 0.01, 0.2

_DOCUMENTATION = re.compile(r"\n-{3,}\n")


class TyEngine:
    """A `ty server` for one project; see `TypeEngine` for the questions.

    The server starts in the background: only the first question waits for it. It is
    started a second time when it is lost, and no third time. May be used from several
    threads, one after the other.
    """

    def __init__(
        self,
        root: Path,
        *,
        python: Path | None = None,
        python_version: str | None = None,
        source_roots: Sequence[Path] = (),
        executable: Path | None = None,
        patience: float = PATIENCE,
    ) -> None:
        """Begin to start the server.

        `root` is the project's folder, and `python` an interpreter or the folder of an
        environment, whose packages are seen (`None` lets ty look for `VIRTUAL_ENV` and
        `.venv`, and at the environment that it is itself installed in).
        `python_version` is the one to assume, such as `3.12`, if not the environment's.
        `source_roots` are the folders from which the project's imports start, if not
        those that ty finds itself (the root, `src`, the folder of the project's name).
        `executable` is the ty to use if not the installed one, and `patience` the
        seconds without an answer after which it counts as lost.

        Raises `TypeEngineUnavailable` when there is no ty or it does not start.
        """
        self._root = root.absolute()
        self._command = [str(executable or find_ty(self._root)), "server"]
        self._settings = server_settings(python, python_version, source_roots)
        self._environment = server_environment()
        self._patience = patience
        self._lock = threading.Lock()
        self._session: Session | None = None
        self._session_ready = False
        self._starts_left = 1 + _RESTARTS
        self._failure: str | None = None
        self._last_id = 0
        self._prefetched: set[str] = set()
        self._overlays: dict[str, str] = {}
        self._versions: dict[str, int] = {}
        self._changed_overlays: set[str] = set()
        self._scratch: weakref.finalize[..., TyEngine] | None = None
        if not can_keep_stubs(self._environment):
            folder = tempfile.mkdtemp(prefix="roadworthy-stubs-")
            self._scratch = weakref.finalize(self, shutil.rmtree, folder, True)
            self._environment["XDG_CACHE_HOME"] = folder
        self._stop: weakref.finalize[[], TyEngine] | None = None
        self._start()

    def __enter__(self) -> TyEngine:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def process(self) -> int | None:
        """The number of the server's process, `None` when there is none any more."""
        return None if self._session is None else self._session.pid

    def definitions(self, questions: Sequence[Question]) -> list[tuple[Target, ...]]:
        """Return where the names are defined, in code where there is any."""
        return self._ask("textDocument/definition", questions, _targets)

    def declarations(self, questions: Sequence[Question]) -> list[tuple[Target, ...]]:
        """Return where the names are declared: the stub, where there is one."""
        return self._ask("textDocument/declaration", questions, _targets)

    def type_definitions(
        self, questions: Sequence[Question]
    ) -> list[tuple[Target, ...]]:
        """Return where the types of the values are defined."""
        return self._ask("textDocument/typeDefinition", questions, _targets)

    def hover_types(self, questions: Sequence[Question]) -> list[str | None]:
        """Return the types as text; `Unknown` is what ty says of an unknown one."""
        return self._ask("textDocument/hover", questions, _hover_type)

    def prefetch(self, questions: Sequence[Question]) -> None:
        """Let the server work on definitions that are soon to be asked; wait for none.

        Only the first 48 are passed on, so that a question is not kept waiting long.
        """
        with self._lock:
            if self._session is not None:
                self._send_overlays(self._session)
                soon = questions[:_IN_FLIGHT]
                requests = [self._request("textDocument/definition", q) for q in soon]
                self._prefetched.update(str(request["id"]) for request in requests)
                self._session.send(requests)

    def overlay(self, path: str, text: str | None) -> None:
        """From now on read `text` in place of the file; `None` goes back to the disk.

        Costs nothing until the next question, which then goes out after it.
        """
        with self._lock:
            if text is None:
                self._overlays.pop(path, None)
            else:
                self._overlays[path] = text
            self._changed_overlays.add(path)

    def close(self) -> None:
        """End the server; a second call does nothing."""
        with self._lock:
            self._failure = self._failure or "the type checker has been closed"
            self._end_session()
            if self._scratch is not None:
                self._scratch()

    def _start(self) -> None:
        """Start a server process, and leave it to initialize."""
        self._starts_left -= 1
        try:
            self._session = Session(
                self._command,
                self._root,
                self._environment,
                {
                    "processId": os.getpid(),
                    "rootUri": path_to_uri(str(self._root)),
                    "workspaceFolders": [
                        {"uri": path_to_uri(str(self._root)), "name": "project"}
                    ],
                    "capabilities": {
                        # Columns in characters: nothing is left to convert.
                        "general": {"positionEncodings": ["utf-32"]},
                        "textDocument": {
                            "hover": {"contentFormat": ["plaintext"]},
                            # Says that diagnostics are pulled; none ever are.
                            "diagnostic": {},
                        },
                    },
                    "initializationOptions": self._settings,
                },
            )
        except OSError as error:
            self._failure = (
                f"the type checker {self._command[0]} does not start "
                f"({error.strerror or error}); {INSTALL}"
            )
            raise TypeEngineUnavailable(self._failure) from error
        self._session_ready = False
        self._prefetched.clear()
        self._versions.clear()
        self._changed_overlays.update(self._overlays)
        # Ends the process too when the engine is forgotten or the interpreter exits.
        self._stop = weakref.finalize(self, self._session.stop)

    def _end_session(self) -> None:
        if self._stop is not None:
            self._stop()
        self._session = None

    def _restart(self, lost: SessionError) -> None:
        """Start another server for one that is lost; raise when that was the last."""
        self._end_session()
        if self._starts_left == 0:
            self._failure = (
                f"the type checker {self._command[0]} was lost twice, lastly because "
                f"{lost}; see whether `ty check` works in {self._root}, or {INSTALL}"
            )
            raise TypeEngineUnavailable(self._failure) from lost
        self._start()

    def _ask(
        self,
        method: str,
        questions: Sequence[Question],
        read: Callable[[Any], Answer],
    ) -> list[Answer]:
        answers: dict[int, Answer] = {}
        with self._lock:
            while len(answers) < len(questions):
                if self._session is None:
                    raise TypeEngineUnavailable(self._failure)
                try:
                    self._make_ready(self._session)
                    self._exchange(self._session, method, questions, read, answers)
                except SessionError as lost:
                    self._restart(lost)
        return [answers[index] for index in range(len(questions))]

    def _make_ready(self, session: Session) -> None:
        """Wait for the server to have initialized, and bring it the overlays."""
        if not self._session_ready:
            capabilities = session.initialized(self._patience).get("capabilities")
            if (
                not isinstance(capabilities, dict)
                or capabilities.get("positionEncoding") != "utf-32"
            ):
                self._failure = (
                    f"{self._command[0]} does not count columns in characters; "
                    + INSTALL
                )
                self._end_session()
                raise TypeEngineUnavailable(self._failure)
            self._session_ready = True
        self._send_overlays(session)

    def _send_overlays(self, session: Session) -> None:
        if self._changed_overlays:
            session.send(
                [
                    self._overlay_message(path)
                    for path in sorted(self._changed_overlays)
                    if path in self._overlays or path in self._versions
                ]
            )
            self._changed_overlays.clear()

    def _overlay_message(self, path: str) -> Message:
        document: Message = {"uri": path_to_uri(path)}
        text = self._overlays.get(path)
        if text is None:
            self._versions.pop(path, None)
            return {
                "method": "textDocument/didClose",
                "params": {"textDocument": document},
            }
        document["version"] = self._versions.get(path, 0) + 1
        self._versions[path] = document["version"]
        if document["version"] > 1:
            return {
                "method": "textDocument/didChange",
                "params": {
                    "textDocument": document,
                    "contentChanges": [{"text": text}],
                },
            }
        document.update(languageId="python", text=text)
        return {"method": "textDocument/didOpen", "params": {"textDocument": document}}

    def _exchange(
        self,
        session: Session,
        method: str,
        questions: Sequence[Question],
        read: Callable[[Any], Answer],
        answers: dict[int, Answer],
    ) -> None:
        """Put the questions that have no answer yet, some at a time, and add answers."""
        waiting = deque(i for i in range(len(questions)) if i not in answers)
        asked: dict[str, int] = {}
        refused: list[int] = []
        pause = _FIRST_PAUSE
        give_up = time.monotonic() + self._patience
        while waiting or asked or refused:
            if not waiting and not asked:
                time.sleep(pause)
                pause = min(pause * 2, _LONGEST_PAUSE)
                waiting.extend(refused)
                refused.clear()
            if waiting and len(asked) <= _IN_FLIGHT // 2:
                requests = []
                for _ in range(min(_IN_FLIGHT - len(asked), len(waiting))):
                    index = waiting.popleft()
                    requests.append(self._request(method, questions[index]))
                    asked[str(self._last_id)] = index
                session.send(requests)
            reply = session.receive(max(give_up - time.monotonic(), 0.0))
            number = str(reply.get("id"))
            answered = asked.pop(number, None)
            error = reply.get("error")
            if answered is None or _is_transient(error):
                if answered is not None:
                    refused.append(answered)
                if number in self._prefetched:
                    self._prefetched.discard(number)
                    give_up = time.monotonic() + self._patience
                elif time.monotonic() > give_up:
                    raise SessionError("it stayed busy")
                continue
            if isinstance(error, dict) and error.get("code") == _METHOD_NOT_FOUND:
                self._failure = f"{self._command[0]} knows no {method}; {INSTALL}"
                self._end_session()
                raise TypeEngineUnavailable(self._failure)
            try:
                # An error of another kind is ty's own trouble with this one place.
                answers[answered] = read(reply.get("result"))
            except (AttributeError, KeyError, TypeError, ValueError) as wrong:
                raise SessionError(f"its answer to {method} makes no sense") from wrong
            pause = _FIRST_PAUSE
            give_up = time.monotonic() + self._patience

    def _request(self, method: str, question: Question) -> Message:
        self._last_id += 1
        return {
            "id": self._last_id,
            "method": method,
            "params": {
                "textDocument": {"uri": path_to_uri(question.path)},
                "position": {
                    "line": question.line - 1,
                    "character": question.column - 1,
                },
            },
        }


def _is_transient(error: object) -> bool:
    if not isinstance(error, dict):
        return False
    return error.get("code") in _TRANSIENT_ERRORS or "busy" in str(error.get("message"))


def _targets(result: Any) -> tuple[Target, ...]:
    locations = [result] if isinstance(result, dict) else result or []
    # One place can be named twice, by two members of a union.
    targets: dict[Target, None] = {}
    for location in locations:
        path = uri_to_path(location["uri"])
        if path is None:
            continue
        module = library_module(path)
        if module is not None and module.partition(".")[0] == "ty_extensions":
            continue  # ty's names for what it does not know
        start = location["range"]["start"]
        target = Target(path, start["line"] + 1, start["character"] + 1, module)
        targets[target] = None
    return tuple(targets)


def _hover_type(result: Any) -> str | None:
    if result is None:
        return None
    text: str = result["contents"]["value"]
    return _DOCUMENTATION.split(text, maxsplit=1)[0].strip()
