"""Sends requests to a service and prints the answers: put beside the service's code."""

from __future__ import annotations

import json
import sys
from types import TracebackType
from typing import Any

from fastapi.testclient import TestClient


class Probe:
    """A client that keeps what the service answers, and prints it at the end."""

    def __init__(self, app: Any) -> None:
        self._client = TestClient(app, raise_server_exceptions=False)
        self._answers: list[tuple[str, str, int, str]] = []

    def __enter__(self) -> Probe:
        self._client.__enter__()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._client.__exit__(kind, error, trace)
        if error is None:
            json.dump(self._answers, sys.stdout, indent=1)

    def note(self, what: str, told: str) -> None:
        """Keep something else that is to be the same before and after."""
        self._answers.append(("note", what, 0, told))

    def __getattr__(self, method: str) -> Any:
        def ask(path: str, **given: Any) -> Any:
            answer = self._client.request(method.upper(), path, **given)
            told = answer.text
            if told and answer.headers.get("content-type") == "application/json":
                # The order of an object's keys is none of the answer's meaning.
                told = json.dumps(answer.json(), sort_keys=True)
            self._answers.append((method, path, answer.status_code, told))
            return answer

        return ask
