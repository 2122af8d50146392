"""A small JSON client for setting services up: registration, login, first rows."""

from __future__ import annotations

import json
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Answer:
    """A response, its body read as JSON where it is JSON."""

    status: int
    body: object
    headers: Mapping[str, str]


def ask(
    method: str,
    url: str,
    *,
    body: object = None,
    form: Mapping[str, str] | None = None,
    token: str | None = None,
    timeout: float = 30,
) -> Answer:
    """Send one request; every status is an answer, none an exception.

    Raises:
        OSError: there was no answer at all.
    """
    data: bytes | None = None
    headers = {"Accept": "application/json"}
    if form is not None:
        data = urllib.parse.urlencode(form).encode()
        headers["Content-Type"] = "application/x-www-form-urlencoded"
    elif body is not None:
        data = json.dumps(body).encode()
        headers["Content-Type"] = "application/json"
    if token is not None:
        headers["Authorization"] = f"Bearer {token}"
    request = urllib.request.Request(url, data, headers, method=method)
    try:
        with urllib.request.urlopen(request, timeout=timeout) as answer:
            return _answer(answer.status, answer.read(), dict(answer.headers))
    except urllib.error.HTTPError as error:
        return _answer(error.code, error.read(), dict(error.headers))


def expect(answer: Answer, *statuses: int) -> dict[str, object]:
    """Return the body of an answer with one of these statuses, as an object.

    Raises:
        RuntimeError: the status is another, or the body no object.
    """
    if answer.status not in statuses or not isinstance(answer.body, dict):
        raise RuntimeError(f"expected {statuses}, got {answer.status}: {answer.body}")
    return answer.body


def _answer(status: int, content: bytes, headers: Mapping[str, str]) -> Answer:
    try:
        body: object = json.loads(content)
    except ValueError:
        body = content.decode(errors="replace")
    return Answer(status, body, headers)
