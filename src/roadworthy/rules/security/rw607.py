"""RW607 no-rate-limit."""

from __future__ import annotations

from collections.abc import Iterator

from roadworthy.findings import Finding
from roadworthy.rules.base import Rule
from roadworthy.rules.handlers import Handler
from roadworthy.rules.review import Review
from roadworthy.rules.security import routes
from roadworthy.rules.security.authentication import guards
from roadworthy.rules.security.optional import asks_everybody

RULE = Rule(
    code="RW607",
    name="no-rate-limit",
    severity="warning",
    summary="A login, token, registration, password-reset or code route without a limit.",
    why=(
        "Without a limit, a script tries thousands of passwords or six-digit codes a "
        "minute, floods mailboxes with reset mails, or keeps every worker busy with "
        "password hashing."
    ),
    instead=(
        "Limit attempts by client and account: `Depends(RateLimiter(times=5, "
        "minutes=1))` of `fastapi-limiter`, or `slowapi`."
    ),
    wrong="""\
from typing import Annotated

from fastapi import Depends, FastAPI
from fastapi.security import OAuth2PasswordRequestForm

app = FastAPI()


@app.post("/login")  # expect: RW607
async def login(form: Annotated[OAuth2PasswordRequestForm, Depends()]) -> str:
    return form.username
""",
    right="""\
from typing import Annotated

from fastapi import Depends, FastAPI
from fastapi.security import OAuth2PasswordRequestForm
from fastapi_limiter.depends import RateLimiter

app = FastAPI()


@app.post("/login", dependencies=[Depends(RateLimiter(times=5, minutes=1))])
async def login(form: Annotated[OAuth2PasswordRequestForm, Depends()]) -> str:
    return form.username
""",
    references=(
        "https://owasp.org/API-Security/editions/2023/en/"
        "0xa4-unrestricted-resource-consumption/",
        "https://github.com/long2ice/fastapi-limiter",
    ),
)

_CODES = "handles one-time codes"
_SENDING = frozenset({"POST", "PUT", "PATCH"})


def check(review: Review) -> Iterator[Finding]:
    """Flag routes that strangers call with credentials, without a limiter."""
    guard = guards(review)
    for handler in review.handlers():
        if _SENDING.isdisjoint(handler.methods):
            continue
        what = _purpose(review, handler)
        if what is None or guard.is_limited(handler):
            continue
        if asks_everybody(review, guard, handler):
            continue
        if what == _CODES and guard.is_authenticated(handler):
            continue  # a code is asked of who is logged in more often than not
        yield review.route_finding(
            RULE, handler, f"`{handler.label}` {what} as often as anybody asks"
        )


def _purpose(review: Review, handler: Handler) -> str | None:
    if routes.takes_credentials(review, handler):
        return "checks credentials"
    if routes.is_password_reset(handler):
        return "resets passwords"
    if routes.is_login(handler):
        return "logs in"
    if routes.is_one_time_code(handler):
        return _CODES
    if routes.is_registration(review, handler):
        return "registers accounts"
    return None
