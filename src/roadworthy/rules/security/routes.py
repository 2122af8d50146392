"""What a route is for, as far as the catalogue reads it from its path and name."""

from __future__ import annotations

from itertools import pairwise

from roadworthy.rules import kinds
from roadworthy.rules.handlers import Handler
from roadworthy.rules.review import Review
from roadworthy.rules.security.words import is_password, words
from roadworthy.values.atoms import ClassAtom, ExternalInstance

WRITES = frozenset({"POST", "PUT", "PATCH", "DELETE"})
_LOGIN = frozenset({"login", "signin", "authenticate", "logon"})
_AFTERWARDS = frozenset(
    {"receive", "received", "after", "history", "histories", "attempts", "events"}
)
"""What is said of a login that has happened elsewhere, or before."""
_REGISTER = frozenset({"register", "registration", "signup"})
_CODE = frozenset({"otp", "totp", "mfa", "2fa", "passcode"})
_OPEN = frozenset(
    {
        "logout",
        "signout",
        "logoff",
        "refresh",
        "health",
        "healthz",
        "healthcheck",
        "ping",
        "contact",
        "public",
        "oauth",
        "oauth2",
        "oidc",
        "sso",
        "saml",
        "callback",
        "activate",
        "activation",
        "unsubscribe",
        "newsletter",
        "newsletters",
        "waitlist",
        "inquiry",
        "inquiries",
        "enquiry",
        "enquiries",
        "csp",
    }
)
_PAIRS_LOGIN = (("sign", "in"), ("log", "in"), ("magic", "link"))
_PAIRS_REGISTER = (("sign", "up"),)
_PAIRS_OPEN = (("sign", "out"), ("log", "out"), ("apply", "to"), ("apply", "for"))
_VERIFY = frozenset({"verify", "verification", "confirm", "confirmation", "resend"})
_REDEEM = _VERIFY | {"accept", "activate", "redeem", "unsubscribe", "validate"}
_RESET = frozenset({"reset", "forgot", "forget", "recover", "recovery", "lost"})


def is_writing(handler: Handler) -> bool:
    """Whether a handler changes something, by its methods."""
    return not WRITES.isdisjoint(handler.methods)


def segments(path: str) -> list[str]:
    """Return the fixed segments of a path."""
    return [part for part in path.split("/") if part and "{" not in part]


def _said(handler: Handler) -> list[tuple[str, ...]]:
    """Return the words of the path's last fixed segments, and of the function's name."""
    fixed = segments(handler.path)
    return [*(words(part) for part in fixed), words(handler.node.name)]


def _has_pair(said: tuple[str, ...], pairs: tuple[tuple[str, str], ...]) -> bool:
    return any(pair in pairs for pair in pairwise(said))


def is_login(handler: Handler) -> bool:
    """Whether a route lets clients log in or issues them a token."""
    fixed = segments(handler.path)
    last = words(fixed[-1]) if fixed else ()
    if last and last[-1] == "token" and not handler.path.rstrip("/").endswith("}"):
        return True
    return any(
        (not _LOGIN.isdisjoint(said) or _has_pair(said, _PAIRS_LOGIN))
        and _AFTERWARDS.isdisjoint(said)
        for said in _said(handler)
    )


def is_registration(review: Review, handler: Handler) -> bool:
    """Whether a route lets strangers make an account."""
    if any(
        not _REGISTER.isdisjoint(said) or _has_pair(said, _PAIRS_REGISTER)
        for said in (
            *(words(part) for part in segments(handler.path)[-2:]),
            words(handler.node.name),
        )
    ):
        return True
    return "POST" in handler.methods and takes_password(review, handler)


def takes_password(review: Review, handler: Handler) -> bool:
    """Whether a route's body has a password in clear."""
    for parameter in review.parameters(handler):
        if parameter.kind in ("form", "body") and is_password(parameter.name):
            return True
        if parameter.kind == "body":
            for atom in parameter.plain_types:
                if isinstance(atom, ClassAtom) and any(
                    is_password(name) for name, _, _ in review.field_types(atom.cls)
                ):
                    return True
    return takes_credentials(review, handler)


def takes_credentials(review: Review, handler: Handler) -> bool:
    """Whether a route takes the form of OAuth2's password flow."""
    return any(
        "OAuth2PasswordRequestForm" in name
        for use in review.dependencies(handler)
        for atom in use.target
        for name in (
            *kinds.lineage(atom),
            atom.path if isinstance(atom, ExternalInstance) else "",
        )
    )


def is_password_reset(handler: Handler) -> bool:
    """Whether a route resets a forgotten password."""
    all_words = {word for said in _said(handler) for word in said}
    return "password" in all_words and not _RESET.isdisjoint(all_words)


def is_one_time_code(handler: Handler) -> bool:
    """Whether a route takes or sends one-time codes."""
    return any(not _CODE.isdisjoint(said) for said in _said(handler)) or any(
        not _VERIFY.isdisjoint(said) and not {"code", "email", "phone"}.isdisjoint(said)
        for said in _said(handler)
    )


def redeems_token(review: Review, handler: Handler) -> bool:
    """Whether a route takes the token of a link: who has it needs no other proof."""
    if not any(not _REDEEM.isdisjoint(said) for said in _said(handler)):
        return False
    taken: set[str] = set()
    for parameter in review.parameters(handler):
        if parameter.kind in ("path", "query", "body", "form"):
            taken.add(parameter.name)
        if parameter.kind == "body":
            for atom in parameter.plain_types:
                if isinstance(atom, ClassAtom):
                    taken.update(name for name, _, _ in review.field_types(atom.cls))
    return any(
        parts[-1] in ("token", "code", "signature")
        for parts in map(words, taken)
        if parts
    )


def is_open_by_name(review: Review, handler: Handler) -> bool:
    """Whether a route is for clients that cannot be logged in yet, or for everybody."""
    if is_login(handler) or is_password_reset(handler) or is_one_time_code(handler):
        return True
    if is_registration(review, handler) or redeems_token(review, handler):
        return True
    return any(
        not _OPEN.isdisjoint(said)
        or _has_pair(said, _PAIRS_OPEN)
        or ("contact" in said and "us" in said)
        for said in _said(handler)
    )


def is_webhook(handler: Handler) -> bool:
    """Whether a route receives the calls of another service."""
    return any(
        not {"webhook", "webhooks", "hook", "ipn"}.isdisjoint(said)
        for said in _said(handler)
    )
