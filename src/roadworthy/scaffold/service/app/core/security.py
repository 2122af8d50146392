"""Passwords and signed tokens."""

import secrets
import time
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any, Final
from uuid import UUID, uuid4

import jwt
from anyio import CapacityLimiter
from anyio.to_thread import run_sync
from pwdlib import PasswordHash
from pwdlib.exceptions import PwdlibError
from pwdlib.hashers.argon2 import Argon2Hasher

from app.core.settings import Settings
from app.db.types import MAX_ID, utc_now

ALGORITHM: Final = "HS256"
#: What reading a claim raises that is missing or of another type.
BAD_CLAIMS: Final = (AttributeError, KeyError, TypeError, ValueError)
#: Each verification takes its own memory; more at once than this would only wait.
HASHES_AT_ONCE: Final = 4
MOST_TOKENS: Final = 10_000
#: How far the clock of the replica that issued a token may be ahead of this one's.
CLOCK_SKEW_SECONDS: Final = 10


class Passwords:
    """Argon2 hashes, made and checked in threads, a few at once."""

    def __init__(self, settings: Settings) -> None:
        hasher = Argon2Hasher(
            time_cost=settings.argon2_iterations,
            memory_cost=settings.argon2_memory_kib,
            parallelism=settings.argon2_threads,
        )
        self._hash = PasswordHash((hasher,))
        self._limiter = CapacityLimiter(HASHES_AT_ONCE)
        self._nobody = self._hash.hash(secrets.token_urlsafe())

    async def hash(self, password: str) -> str:
        """Return the hash to store."""
        return await run_sync(self._hash.hash, password, limiter=self._limiter)

    async def verify(
        self, password: str, stored: str | None
    ) -> tuple[bool, str | None]:
        """Say whether the password fits, and the hash to store now if it is outdated.

        Without a stored hash the same work is done, and the answer is no: how long a
        login takes does not tell whether the account exists. A hash made with other
        parameters takes what those take, until its owner has logged in once.
        """
        fits, newer = await run_sync(
            self._verify, password, stored or self._nobody, limiter=self._limiter
        )
        return (fits, newer) if stored else (False, None)

    def _verify(self, password: str, stored: str) -> tuple[bool, str | None]:
        try:
            return self._hash.verify_and_update(password, stored)
        except PwdlibError:
            return False, None


class TokenType(StrEnum):
    """What a token is good for; none can stand in for another."""

    ACCESS = "access"
    REFRESH = "refresh"
    VERIFY_EMAIL = "verify-email"
    RESET_PASSWORD = "reset-password"  # noqa: S105


@dataclass(frozen=True, slots=True)
class Claims:
    """What a token that has passed every check says."""

    user_id: int
    version: int
    token_id: UUID
    family_id: UUID
    scopes: frozenset[str]
    expires: int


class InvalidTokenError(Exception):
    """The token is forged, expired, of another kind or not a token at all."""


class Tokens:
    """Signs tokens and checks them. Only one algorithm is ever accepted.

    Access tokens come again and again, so those that passed are remembered.
    """

    def __init__(self, settings: Settings) -> None:
        self._key = settings.secret_key.get_secret_value()
        self._issuer = settings.token_issuer
        self._passed: OrderedDict[str, Claims] = OrderedDict()
        self._seconds: Mapping[TokenType, int] = {
            TokenType.ACCESS: settings.access_token_seconds,
            TokenType.REFRESH: settings.refresh_token_seconds,
            TokenType.VERIFY_EMAIL: settings.email_token_seconds,
            TokenType.RESET_PASSWORD: settings.reset_token_seconds,
        }

    def lifetime(self, kind: TokenType) -> timedelta:
        """Return how long a new token is valid."""
        return timedelta(seconds=self._seconds[kind])

    def issue(
        self,
        kind: TokenType,
        user_id: int,
        version: int,
        *,
        scopes: frozenset[str] = frozenset(),
        family_id: UUID | None = None,
        token_id: UUID | None = None,
    ) -> str:
        """Return a signed token."""
        now = utc_now()
        token_id = token_id or uuid4()
        payload = {
            "iss": self._issuer,
            "aud": kind.value,
            "sub": str(user_id),
            "iat": now,
            "exp": now + self.lifetime(kind),
            "jti": token_id.hex,
            "fam": (family_id or token_id).hex,
            "ver": version,
            "scope": " ".join(sorted(scopes)),
        }
        return jwt.encode(payload, self._key, algorithm=ALGORITHM)

    def read_access(self, token: str) -> Claims:
        """Check an access token and return its claims; raise `InvalidTokenError`."""
        claims = self._passed.get(token)
        if claims is not None and time.time() < claims.expires:
            return claims
        claims = self.read(TokenType.ACCESS, token)
        self._passed[token] = claims
        if len(self._passed) > MOST_TOKENS:
            self._passed.popitem(last=False)
        return claims

    def read(self, kind: TokenType, token: str) -> Claims:
        """Check a token and return its claims; raise `InvalidTokenError`."""
        try:
            payload: dict[str, Any] = jwt.decode(
                token,
                self._key,
                algorithms=[ALGORITHM],
                audience=kind.value,
                issuer=self._issuer,
                options={
                    "require": ["exp", "iat", "aud", "iss", "sub", "jti"],
                    "verify_iat": False,  # below, and not to the second
                },
            )
            user_id = int(payload["sub"])
            if not 0 <= user_id <= MAX_ID:
                raise ValueError("no account has such a number")
            if payload["iat"] > time.time() + CLOCK_SKEW_SECONDS:
                raise ValueError("the token is from the future")
            return Claims(
                user_id=user_id,
                version=int(payload["ver"]),
                token_id=UUID(payload["jti"]),
                family_id=UUID(payload["fam"]),
                scopes=frozenset(payload["scope"].split()),
                expires=int(payload["exp"]),
            )
        except (jwt.InvalidTokenError, *BAD_CLAIMS) as error:
            raise InvalidTokenError from error
