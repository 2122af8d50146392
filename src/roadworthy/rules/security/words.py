"""What the words of a name say, where a rule of the catalogue speaks of names."""

from __future__ import annotations

import re
from functools import lru_cache

_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")

_PASSWORD = frozenset({"password", "passwd", "pwd", "passphrase", "passcode"})
_PLAIN = _PASSWORD | {
    "user",
    "users",
    "plain",
    "plaintext",
    "raw",
    "clear",
    "text",
    "str",
    "string",
    "bytes",
    "utf",
    "given",
    "input",
    "entered",
    "submitted",
    "provided",
    "new",
    "old",
    "current",
    "my",
    "login",
    "form",
    "admin",
    "account",
    "member",
    "customer",
    "salted",
    "peppered",
    "confirm",
    "repeat",
    "again",
    "repeated",
    "in",
    "stored",
    "db",
    "saved",
    "the",
    "1",
    "2",
}
"""What may stand beside: a password of a service (`smtp_password`) is another matter."""
_SECRET_ENDS = (
    ("secret",),
    ("secret", "key"),
    ("secret", "access", "key"),
    ("secretkey",),
    ("password",),
    ("passwd",),
    ("pwd",),
    ("passphrase",),
    ("token",),
    ("api", "key"),
    ("apikey",),
    ("access", "key"),
    ("private", "key"),
    ("signing", "key"),
    ("encryption", "key"),
    ("jwt", "key"),
    ("auth", "key"),
    ("master", "key"),
)


@lru_cache(maxsize=4096)
def words(name: str) -> tuple[str, ...]:
    """Return the words of an identifier, path or header name, in small letters."""
    return tuple(word.lower() for word in _WORD.findall(name))


@lru_cache(maxsize=4096)
def is_password(name: str) -> bool:
    """Whether a name says that it holds a password in clear."""
    parts = words(name)
    return not _PASSWORD.isdisjoint(parts) and _PLAIN.issuperset(parts)


@lru_cache(maxsize=4096)
def is_secret(name: str) -> bool:
    """Whether a name says that it holds a secret: a password, key or token."""
    parts = words(name)
    return any(parts[-len(end) :] == end for end in _SECRET_ENDS)


@lru_cache(maxsize=4096)
def is_credential(name: str) -> bool:
    """Whether a name says that it holds what a client proves itself with."""
    parts = frozenset(words(name))
    return is_secret(name) or not parts.isdisjoint(
        {"signature", "token", "secret", "hmac", "apikey", "authorization", "key"}
    )
