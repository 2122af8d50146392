"""Runs wrk and reads what it measured."""

from __future__ import annotations

import json
import subprocess
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

NUMBER = "{number}"
"""What stands for a number of its own in the body of each request."""

_SCRIPT = """
wrk.method = %(method)s
wrk.body = %(body)s
local first, second = %(parts)s
if second then
  -- Numbers go on from run to run.
  local number = %(start)d
  request = function()
    number = number + 1
    return wrk.format(nil, nil, nil, first .. number .. second)
  end
end
function done(summary, latency, requests)
  io.stderr:write(string.format(
    '{"requests": %%d, "microseconds": %%d, "p50": %%.1f, "p99": %%.1f, ' ..
    '"statuses": %%d, "sockets": %%d}\\n',
    summary.requests, summary.duration, latency:percentile(50.0),
    latency:percentile(99.0), summary.errors.status,
    summary.errors.connect + summary.errors.read + summary.errors.write +
    summary.errors.timeout))
end
"""


class LoadError(Exception):
    """wrk could not run, or the service did not answer as it should."""


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked again and again."""

    url: str
    method: str = "GET"
    headers: dict[str, str] = field(default_factory=dict)
    body: str | None = None


@dataclass(frozen=True, slots=True)
class Load:
    """What came of it: requests a second, and latencies in milliseconds.

    `failed` counts answers of 400 and above and broken connections; `cpu` is the
    service's processor time for a request, in milliseconds, where it was measured.
    """

    rate: float
    p50: float
    p99: float
    requests: int
    failed: int
    cpu: float = 0.0


def run(request: Request, *, connections: int, seconds: int) -> Load:
    """Put a load on a service for some seconds.

    Raises:
        LoadError: wrk is missing or failed.
    """
    values = {
        "method": json.dumps(request.method),
        "body": "nil" if request.body is None else json.dumps(request.body),
        "parts": "nil, nil",
        # Lua writes numbers of more than 14 digits inexactly.
        "start": time.time_ns() // 100_000 % 10**13,
    }
    if request.body is not None and NUMBER in request.body:
        values["parts"] = ", ".join(map(json.dumps, request.body.split(NUMBER)))
    script = _SCRIPT % values
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "request.lua"
        path.write_text(script)
        words = ["wrk", "--threads", "1", "--connections", str(connections)]
        words += [
            "--duration",
            f"{seconds}s",
            "--timeout",
            "10s",
            "--script",
            str(path),
        ]
        for name, value in request.headers.items():
            words += ["--header", f"{name}: {value}"]
        try:
            done = subprocess.run(
                [*words, request.url],
                capture_output=True,
                text=True,
                timeout=seconds + 60,
            )
        except FileNotFoundError:
            raise LoadError("wrk is not installed (Debian: apt install wrk)") from None
    lines = [line for line in done.stderr.splitlines() if line.startswith("{")]
    if done.returncode != 0 or not lines:
        raise LoadError(f"wrk failed: {done.stdout}{done.stderr}")
    found = json.loads(lines[-1])
    return Load(
        rate=found["requests"] / (found["microseconds"] / 1e6),
        p50=found["p50"] / 1000,
        p99=found["p99"] / 1000,
        requests=found["requests"],
        failed=found["statuses"] + found["sockets"],
    )
