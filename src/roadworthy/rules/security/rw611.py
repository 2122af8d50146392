"""RW611 unhandled-external-error."""

from __future__ import annotations

from collections.abc import Iterator

from roadworthy.findings import Finding
from roadworthy.rules.base import Rule
from roadworthy.rules.review import Review
from roadworthy.rules.security.outgoing import Outgoing, outgoing_calls
from roadworthy.rules.security.protection import protection

RULE = Rule(
    code="RW611",
    name="unhandled-external-error",
    severity="warning",
    summary="A call to another service whose failure nothing catches.",
    why=(
        "The other service will be slow, down or refuse. Uncaught, its timeout becomes "
        "your 500: clients cannot tell your fault from its, and cannot know whether to "
        "try again."
    ),
    instead=(
        "Catch the client's errors and answer 502 or 504, or register an exception "
        "handler for them: `@app.exception_handler(httpx.HTTPError)`."
    ),
    wrong="""\
import httpx
from fastapi import FastAPI

app = FastAPI()
client = httpx.AsyncClient()


@app.get("/rates")
async def read_rates() -> str:
    answer = await client.get("https://rates.example.com/today")  # expect: RW611
    return answer.text
""",
    right="""\
import httpx
from fastapi import FastAPI, HTTPException

app = FastAPI()
client = httpx.AsyncClient()


@app.get("/rates")
async def read_rates() -> str:
    try:
        answer = await client.get("https://rates.example.com/today")
    except httpx.HTTPError as error:
        raise HTTPException(502, "The rates cannot be had now") from error
    return answer.text
""",
    references=("https://www.python-httpx.org/exceptions/",),
)

_ERRORS = {
    "httpx": ("httpx.",),
    "httpx2": ("httpx2.",),
    "requests": ("requests.", "builtins.OSError", "builtins.IOError"),
    "aiohttp": ("aiohttp.", "builtins.OSError", "asyncio."),
    "urllib": ("urllib.", "builtins.OSError"),
}
_BASE = {
    "httpx": "httpx.HTTPError",
    "httpx2": "httpx2.HTTPError",
    "requests": "requests.RequestException",
    "aiohttp": "aiohttp.ClientError",
    "urllib": "urllib.error.URLError",
}
"""By library, the exception from which its errors descend."""


def check(review: Review) -> Iterator[Finding]:
    """Flag outgoing calls that some route reaches with no `try` on the way."""
    guard = protection(review)
    for outgoing in outgoing_calls(review):
        prefixes = _ERRORS.get(outgoing.library)
        if prefixes is None:
            continue
        handler = guard.unprotected(
            outgoing.file, outgoing.info, outgoing.call, prefixes
        )
        if handler is not None:
            yield review.finding(
                RULE,
                outgoing.file,
                outgoing.call,
                f"nothing between here and `{handler.label}` catches a failure of "
                f"`{_shown(outgoing)}`",
                instead=RULE.instead.replace(_BASE["httpx"], _BASE[outgoing.library]),
                entry=handler,
            )


def _shown(outgoing: Outgoing) -> str:
    return outgoing.file.text(outgoing.call.func)
