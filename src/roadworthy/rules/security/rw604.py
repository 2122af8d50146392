"""RW604 hard-coded-secret."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from roadworthy.findings import Finding
from roadworthy.rules import kinds
from roadworthy.rules.base import Rule
from roadworthy.rules.files import ReviewedFile
from roadworthy.rules.nodes import walk
from roadworthy.rules.review import Review
from roadworthy.rules.security.literals import given_name, signing_names
from roadworthy.rules.security.words import is_secret, words

RULE = Rule(
    code="RW604",
    name="hard-coded-secret",
    severity="error",
    summary="A secret key, password, token or database URL with a password in the code.",
    why=(
        "Everybody who can read the repository, an image or a traceback has the secret, "
        "in every deployment that did not set its own. It cannot be changed without a "
        "release, and history keeps it."
    ),
    instead=(
        "A field without a default on `BaseSettings` (`secret_key: SecretStr`), set in "
        "the environment of each deployment."
    ),
    wrong="""\
from fastapi import FastAPI
from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    secret_key: str = "09d25e094faa6ca2556c818166b7a9563b93f7"  # expect: RW604
    database_url: str = "postgresql://shop:s3cr3t@db/shop"  # expect: RW604


settings = Settings()
app = FastAPI()
""",
    right="""\
from fastapi import FastAPI
from pydantic import SecretStr
from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    secret_key: SecretStr
    database_url: str


settings = Settings()
app = FastAPI()
""",
    references=(
        "https://fastapi.tiangolo.com/advanced/settings/",
        "https://cheatsheetseries.owasp.org/cheatsheets/Secrets_Management_Cheat_Sheet.html",
    ),
)

_URL = re.compile(
    r"[A-Za-z][A-Za-z0-9+.\-]*://[^\s:/@{}<>\[\]]*:(?P<password>[^\s:/@]+)@[^\s/@]+"
)
_MASKED = re.compile(r"[*xX.\-_•…]+|.*(?:\*{3}|…|\.{3}).*")
_PLACEHOLDER = re.compile(r"<.*>|\{.*\}|\$\{?\w+\}?|%\(.*\)s|\[.*\]|%s|\$\(.*\)")
_DUMMIES = frozenset(
    {
        "",
        "none",
        "null",
        "empty",
        "dummy",
        "fake",
        "test",
        "testing",
        "example",
        "placeholder",
        "not needed",
        "not used",
        "not required",
        "no key",
        "no key required",
        "na",
        "n/a",
        "anonymous",
        "redacted",
        "bearer",
        "basic",
        "default",
        "auto",
        "optional",
        "required",
        "unknown",
        "missing",
        "invalid",
        "str",
        "string",
        "text",
        "hidden",
        "masked",
        "undefined",
    }
)
_ENVIRONMENT = re.compile(r"[A-Z][A-Z0-9]*(_[A-Z0-9]+)+")
_PRETENDED = frozenset({"dummy", "fake", "mock", "test", "testing", "example"})
_SENT = re.compile(r"(?:Bearer|Basic|Token|token|bearer) +(?P<token>[^\s{}<>$%]+)")
_SHORTEST_TOKEN = 12
_DOTTED = re.compile(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)+")


def check(review: Review) -> Iterator[Finding]:
    """Flag literals that are given to names of secrets, and URLs with passwords."""
    for file in review.files:
        if not file.mentions(*_SPOKEN):
            continue
        rejected = _rejected(file)
        for constant in file.nodes(ast.Constant):
            text = constant.value
            if isinstance(text, bytes):
                text = text.decode("latin-1")
            if not isinstance(text, str) or not text or len(text) > 4000:
                continue
            sent = _SENT.fullmatch(text)
            if any(c.isspace() for c in text) and "BEGIN" not in text and not sent:
                if _is_key_phrase(review, file, constant, text):
                    name = given_name(review, file, constant)
                    yield review.finding(
                        RULE, file, constant, f"`{name}` is written in the code"
                    )
                continue
            message = _sent(file, constant, sent["token"]) if sent else None
            message = (
                message
                or _url(file, constant, text)
                or _secret(review, file, constant, text)
            )
            if message is None or text in rejected or _is_prose(file, constant):
                continue
            yield review.finding(RULE, file, constant, message)


def _is_key_phrase(
    review: Review, file: ReviewedFile, constant: ast.Constant, text: str
) -> bool:
    """Whether a sentence is a key: `JWT_SECRET_KEY = "change this please"`.

    Only where the whole name says so; what tells of a secret (`BAD_SECRET = "The secret
    is wrong"`) has other words in its name.
    """
    name = given_name(review, file, constant)
    if name is None or len(text) > 100 or "\n" in text:
        return False
    own = frozenset(words(name))
    return (
        "secret" in own
        and own <= _KEY_WORDS
        and not is_placeholder_of_form(text)
        and not _is_prose(file, constant)
        and isinstance(file.statement_of(constant), (ast.Assign, ast.AnnAssign))
    )


def is_placeholder_of_form(text: str) -> bool:
    """Whether a text only names what belongs in its place: `<your secret here>`."""
    stripped = text.strip()
    return stripped[:1] in "<{[" or stripped.startswith(("Your ", "your "))


_KEY_WORDS = frozenset(
    {
        "secret",
        "key",
        "jwt",
        "app",
        "auth",
        "flask",
        "django",
        "session",
        "cookie",
        "access",
        "refresh",
        "reset",
        "verification",
        "verify",
        "password",
        "token",
        "signing",
        "hmac",
        "encryption",
        "csrf",
    }
)
_SPOKEN = tuple(
    form
    for word in (
        "password",
        "passwd",
        "pwd",
        "passphrase",
        "secret",
        "token",
        "key",
        "://",
    )
    for form in dict.fromkeys((word, word.upper(), word.title()))
)


def _rejected(file: ReviewedFile) -> frozenset[str]:
    """Return the literals that the file compares with, as a check of placeholders does."""
    found: set[str] = set()
    for test in file.nodes(ast.Compare):
        for side in (test.left, *test.comparators):
            for part in walk(side, ast.Constant):
                if isinstance(part.value, str):
                    found.add(part.value)
    return frozenset(found)


def _is_prose(file: ReviewedFile, constant: ast.Constant) -> bool:
    """Whether a text is documentation: a docstring, a description, an example."""
    parent = file.parent(constant)
    if isinstance(parent, (ast.Expr, ast.JoinedStr, ast.Compare, ast.Raise)):
        return True
    for around in file.ancestors(constant):
        if isinstance(around, ast.keyword) and around.arg in _DOCUMENTS:
            return True
        if isinstance(around, ast.Dict):
            if any(
                isinstance(key, ast.Constant)
                and isinstance(key.value, str)
                and key.value in _DOCUMENTS
                for key in around.keys
            ):
                return True
            continue
        if isinstance(around, (ast.Call, ast.stmt)):
            name = getattr(getattr(around, "func", None), "attr", "")
            return name in ("debug", "info", "warning", "error", "exception", "compile")
    return False


_DOCUMENTS = frozenset(
    {
        "description",
        "example",
        "examples",
        "openapi_examples",
        "json_schema_extra",
        "help",
        "title",
        "placeholder",
        "schema_extra",
        "pattern",
        "regex",
        "detail",
        "docs",
        "sample",
    }
)


def _url(file: ReviewedFile, constant: ast.Constant, text: str) -> str | None:
    match = _URL.match(text) if "://" in text and "@" in text else None
    if match is None:
        return None
    password = match["password"]
    if _PLACEHOLDER.search(password) or _MASKED.fullmatch(password):
        return None
    if "your" in words(password):
        return None
    if _is_example(file, constant):
        return None
    return "a URL with its password is written in the code"


def _is_example(file: ReviewedFile, constant: ast.Constant) -> bool:
    return any(
        isinstance(around, ast.Assign)
        and any(
            isinstance(t, ast.Name) and "example" in words(t.id) for t in around.targets
        )
        for around in file.ancestors(constant)
    )


def _sent(file: ReviewedFile, constant: ast.Constant, token: str) -> str | None:
    """Tell a token that goes out with requests: `"Authorization": "Bearer …"`."""
    if len(token) < _SHORTEST_TOKEN or not any(c.isdigit() for c in token):
        return None
    if not _may_be_secret("token", token):
        return None
    holder = file.parent(constant)
    key: ast.expr | None = None
    if isinstance(holder, ast.Dict):
        for name, value in zip(holder.keys, holder.values, strict=True):
            if value is constant:
                key = name
    elif isinstance(holder, ast.Assign) and isinstance(
        holder.targets[0], ast.Subscript
    ):
        key = holder.targets[0].slice
    if not isinstance(key, ast.Constant) or not isinstance(key.value, str):
        return None
    if key.value.lower() not in ("authorization", "proxy-authorization"):
        return None
    return f"the token of the header `{key.value}` is written in the code"


def _secret(
    review: Review, file: ReviewedFile, constant: ast.Constant, text: str
) -> str | None:
    name = given_name(review, file, constant)
    if name is None:
        return None
    if name in signing_names(file):
        name = "secret key"  # whatever its name, it signs something
    if not is_secret(name) or not _may_be_secret(name, text):
        return None
    if _is_enumerated(review, file, constant) or _stands_for_another(file, constant):
        return None
    return f"`{name}` is written in the code"


def _may_be_secret(name: str, text: str) -> bool:
    """Whether a literal looks like a secret, rather than like a name or a sentence."""
    stripped = text.strip()
    said = " ".join(words(stripped))
    if len(stripped) < 3 or stripped.lower() in _DUMMIES or said in _DUMMIES:
        return False
    if any(character.isspace() for character in stripped) and "BEGIN" not in stripped:
        return False
    if _PLACEHOLDER.fullmatch(stripped) or _MASKED.fullmatch(stripped):
        return False
    if _DOTTED.fullmatch(stripped) and not any(c.isdigit() for c in stripped):
        return False
    if _ENVIRONMENT.fullmatch(stripped) or stripped.startswith(
        ("/", "http://", "https://", "os.environ", "./", "--", "X-", "x-")
    ):
        return False
    own, parts = words(name), words(stripped)
    if not _PRETENDED.isdisjoint((*own, *parts)) or "hashed" in own or "hash" in own:
        return False
    has_digit = any(character.isdigit() for character in stripped)
    if not parts or (parts == own and "-" not in stripped):
        return False
    if "_" in stripped and not has_digit:
        if set(own) <= set(parts):
            return False  # the name of a secret: `shop_client_secret`
        if len(parts) > 1 and set(parts) <= set(own):
            return False  # a word for something: `REASON_MISSING_SECRET`
    if own[-1:] == ("token",) or own[-2:] in (("api", "key"), ("access", "key")):
        return has_digit and len(stripped) >= 8  # made by a machine
    return True


def _stands_for_another(file: ReviewedFile, constant: ast.Constant) -> bool:
    """Whether what stands beside a literal tells that it is no secret.

    In a table of names (`{"email": "email", "password": "provider"}`) it is a name; what
    a sibling says too (`password="LDAP", method=Method.LDAP`) is a mark.
    """
    if not isinstance(constant.value, str):
        return False
    holder = file.parent(constant)
    pairs: list[tuple[str, ast.expr]] = []
    if isinstance(holder, ast.Dict):
        pairs = [
            (key.value, value)
            for key, value in zip(holder.keys, holder.values, strict=True)
            if isinstance(key, ast.Constant) and isinstance(key.value, str)
        ]
    elif isinstance(holder, ast.keyword):
        call = file.parent(holder)
        if isinstance(call, ast.Call):
            pairs = [(k.arg, k.value) for k in call.keywords if k.arg is not None]
    for key, value in pairs:
        if value is constant:
            continue
        if isinstance(value, ast.Constant) and value.value == constant.value:
            # Told under an open name too: an address, a public key. A short word that
            # is the user's name as well is a password.
            if not is_secret(key) and len(constant.value) >= _SHORTEST_TOKEN:
                return True
        if not constant.value.isalpha():
            continue
        if isinstance(value, ast.Constant) and value.value == key:
            return True
        if isinstance(value, ast.Attribute) and value.attr == constant.value:
            return True
    return False


def _is_enumerated(review: Review, file: ReviewedFile, constant: ast.Constant) -> bool:
    """Whether a literal is a member of an enumeration."""
    scope = file.scope(constant)
    if not isinstance(scope, ast.ClassDef):
        return False
    info = review.class_info(file, scope)
    return info is not None and any(
        name.rpartition(".")[2] in ("Enum", "StrEnum", "IntEnum")
        for name in kinds.class_lineage(info)
    )
