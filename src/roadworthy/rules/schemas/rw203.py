"""RW203 leaky-response."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from roadworthy.findings import Finding
from roadworthy.rules import kinds, library_names
from roadworthy.rules.base import Rule
from roadworthy.rules.event_loop.places import last_name
from roadworthy.rules.handlers import Handler
from roadworthy.rules.injection.functions import each_place
from roadworthy.rules.nodes import walk
from roadworthy.rules.review import Review
from roadworthy.rules.schemas import shapes
from roadworthy.rules.security.words import words
from roadworthy.values.atoms import (
    ANY,
    Const,
    External,
    Instance,
    Mapping,
    Sequence,
    Value,
)
from roadworthy.values.program import ClassInfo

RULE = Rule(
    code="RW203",
    name="leaky-response",
    severity="error",
    summary="A response that carries a secret field, or a whole database object.",
    why=(
        "What stands in the response schema is sent: password hashes and keys end up in "
        "browsers, logs and caches. A table model as the schema sends each column that "
        "anybody adds later."
    ),
    instead=(
        "Declare a response schema that has only the fields the client needs, and name "
        "it in `response_model`."
    ),
    wrong="""\
from fastapi import FastAPI
from pydantic import BaseModel

app = FastAPI()


class User(BaseModel):
    name: str
    hashed_password: str


@app.get("/users/{name}", response_model=User)  # expect: RW203
async def read_user(name: str) -> User:
    return User(name=name, hashed_password="...")
""",
    right="""\
from fastapi import FastAPI
from pydantic import BaseModel

app = FastAPI()


class User(BaseModel):
    name: str
    hashed_password: str


class UserOut(BaseModel):
    name: str


@app.get("/users/{name}", response_model=UserOut)
async def read_user(name: str) -> User:
    return User(name=name, hashed_password="...")
""",
    references=(
        "https://fastapi.tiangolo.com/tutorial/response-model/",
        "https://owasp.org/API-Security/editions/2023/en/0xa3-broken-object-property-level-authorization/",
    ),
)

_SECRET = re.compile(
    r"""
    (hashed_|encrypted_|plain_|raw_|user_|old_|new_|current_|db_|smtp_|bind_)?
        (password|passwd|passphrase)(_?(hash|digest|salt|encrypted))?
    | (hash|hashed|password|pwd)_?(password|pwd|hash|digest|salt)
    | salt
    | (\w+_)?(secret|secret_key|private_key|client_secret|api_secret)
    | (otp|totp|mfa|two_factor)_?(secret|seed|key)
    | (\w+_)?(token|key|secret)_hash | hashed_(token|key|api_key|secret)
    | (\w+_)?api_key
    """,
    re.VERBOSE,
)
_TOKENS = ("access_token", "refresh_token")
_ISSUED = (
    "secret",
    "key",
    "token",
    "credential",
    "client",
    "totp",
    "mfa",
    "otp",
    "2fa",
)
_ISSUES_TOKENS = re.compile(
    r"token|login|log_in|auth|sign|session|register|refresh|callback|connect|sso|oidc",
    re.IGNORECASE,
)
_STATISTICS_WORDS = """
    activity usage spend cost costs metric metrics statistic statistics stats analytics
    breakdown report
    """
_STATISTICS = frozenset(_STATISTICS_WORDS.split())
"""Rows of figures for each key tell which key by its name or hash."""
_TEXTS = ("builtins.str", "builtins.bytes")
_DEEPEST = 4


def check(review: Review) -> Iterator[Finding]:
    """Flag response schemas with secrets, and table models that are sent as they are."""
    for handler in each_place(review):
        if handler.is_websocket or not shapes.is_of_fastapi(handler):
            continue
        types = shapes.schema_types(review, handler)
        found = None
        if types:
            found = _table_in(types) or _secret_in(review, handler, types)
        if found is None and _declares_nothing(handler, types):
            found = _returned_table(review, handler)
        if found is not None:
            yield review.route_finding(RULE, handler, f"{handler.label} {found}")


def _declares_nothing(handler: Handler, types: Value | None) -> bool:
    if not types:
        # A schema that is named, and cannot be told, is one all the same.
        return handler.option("response_model") is None
    if ANY in types:
        return False
    plain = kinds.plain_types(types)
    if not plain:
        # `None` declares nothing; brackets that could not be opened declare something.
        return all(isinstance(atom, Const) for atom in types)
    return all(shapes.is_untyped(atom) for atom in plain)


def _table_in(types: Value) -> str | None:
    for atom in kinds.all_types(types):
        cls = kinds.class_of(atom)
        if cls is not None and kinds.is_table_model(atom):
            return f"answers with the table model `{cls.name}`"
    return None


def _returned_table(review: Review, handler: Handler) -> str | None:
    value = shapes.returned(review, handler)
    if any(kinds.is_response(atom) for atom in kinds.known(value)):
        return None
    for atom in _sent(value):
        if isinstance(atom, Instance) and kinds.is_table_model(atom):
            return f"returns an object of the table model `{atom.cls.name}` as it is"
    return None


def _sent(value: Value) -> Iterator[object]:
    """Yield what is sent: the value itself, and the items of a list or dictionary."""
    for atom in value:
        yield atom
        if isinstance(atom, Sequence) and atom.kind != "tuple":
            for item in atom.items or ():
                yield from item
            yield from atom.element
        elif isinstance(atom, Mapping):
            for _, item in atom.items or ():
                yield from item


# -- secrets ---------------------------------------------------------------------------


def _secret_in(review: Review, handler: Handler, types: Value) -> str | None:
    if handler.option("response_model_include") is not None:
        return None
    excluded = _names(handler.option("response_model_exclude"))
    if excluded is None:
        return None
    seen: set[ClassInfo] = set()
    waiting = [(types, 0)]
    while waiting:
        here, depth = waiting.pop()
        for atom in kinds.all_types(here):
            cls = kinds.class_of(atom)
            if cls is None or cls in seen or not _is_schema(cls, atom):
                continue
            seen.add(cls)
            for name, declaring, field_types in review.field_types(cls):
                if name in excluded or name.startswith("_"):
                    continue
                if _is_excluded(review, declaring, name) or _is_relationship(
                    review, declaring, name
                ):
                    continue
                if _is_text(field_types) and _is_secret(review, handler, cls, name):
                    return f"sends `{name}` of `{cls.name}` to the client"
                if depth < _DEEPEST:
                    waiting.append((field_types, depth + 1))
    return None


def _is_schema(cls: ClassInfo, atom: object) -> bool:
    return cls.is_dataclass or any(
        name in library_names.MODELS for name in kinds.class_lineage(cls)
    )


def _is_text(types: Value) -> bool:
    plain = kinds.plain_types(types)
    return bool(plain) and all(
        isinstance(atom, External) and atom.path in _TEXTS for atom in plain
    )


def _is_relationship(review: Review, cls: ClassInfo, name: str) -> bool:
    """Whether a name of a table model is no column: SQLModel never sends such a one."""
    node = review.class_node(cls)
    return node is not None and any(
        isinstance(statement, ast.AnnAssign)
        and isinstance(statement.target, ast.Name)
        and statement.target.id == name
        and isinstance(statement.value, ast.Call)
        and last_name(statement.value.func) == "Relationship"
        for statement in node.body
    )


def _is_secret(review: Review, handler: Handler, cls: ClassInfo, name: str) -> bool:
    """Whether a field is a secret that this route does not exist to hand out."""
    where = f"{handler.path} {handler.function.code.name} {cls.name}".lower()
    if name in _TOKENS:
        return handler.methods == ("GET",) and not _ISSUES_TOKENS.search(where)
    if not _SECRET.fullmatch(name):
        return False
    if "pass" in name or name in ("salt",) or "hash" in name:
        return True
    if handler.path.rstrip("/").endswith(f"/{name.replace('_', '-')}") or (
        handler.path.rstrip("/").endswith(f"/{name}")
    ):
        return False
    if f"{{{name}}}" in handler.path:
        return False  # who asks knows it already
    if name == "client_secret" and not _PAYMENTS.isdisjoint(
        (*words(cls.name), *words(handler.path))
    ):
        # Not an OAuth client's: one payment's, made for the page that pays.
        return _has_field(review, cls, "client_id")
    if name.endswith("api_key") and not _STATISTICS.isdisjoint(words(cls.name)):
        return False
    # A key or secret is shown once, when it is made.
    issues = handler.methods != ("GET",) and any(word in where for word in _ISSUED)
    return not issues and not _is_made_here(review, handler, cls, name)


def _has_field(review: Review, cls: ClassInfo, name: str) -> bool:
    return any(field == name for field, _, _ in review.field_types(cls))


def _is_made_here(review: Review, handler: Handler, cls: ClassInfo, name: str) -> bool:
    """Whether a route creates what the secret is of, and the service makes the secret.

    The answer is then the one place where the client can learn it.
    """
    said = set(words(handler.node.name))
    if handler.methods != ("POST",) or _CREATING.isdisjoint(said):
        return False
    if not said - _CREATING <= set(words(cls.name)):
        return False  # something else is created, that this belongs to
    bodies = [
        body
        for parameter in review.parameters(handler)
        if parameter.kind == "body"
        for atom in parameter.plain_types
        if (body := kinds.class_of(atom)) is not None
    ]
    return bool(bodies) and not any(_has_field(review, body, name) for body in bodies)


_PAYMENTS = frozenset(
    {"payment", "payments", "checkout", "checkouts", "intent", "setup_intent"}
)
_CREATING = frozenset({"create", "generate", "issue", "rotate", "new"})


def _names(value: Value | None) -> set[str] | None:
    """Return the names that a set or dictionary holds; None if that cannot be told."""
    if value is None:
        return set()
    found: set[str] = set()
    for atom in value:
        if isinstance(atom, Sequence) and atom.items is not None:
            for item in atom.items:
                if len(item) == 1 and isinstance(item[0], Const):
                    found.add(str(item[0].value))
        elif isinstance(atom, Mapping) and atom.items is not None:
            found.update(str(key) for key, _ in atom.items)
        else:
            return None
    return found


def _is_excluded(review: Review, cls: ClassInfo, name: str) -> bool:
    """Whether `Field(exclude=True)` or a serializer of its own keeps a field back."""
    node = review.class_node(cls)
    if node is None:
        return False
    for statement in node.body:
        if (
            isinstance(statement, ast.AnnAssign)
            and isinstance(statement.target, ast.Name)
            and statement.target.id == name
        ):
            for call in walk(statement):
                if isinstance(call, ast.keyword) and call.arg == "exclude":
                    return not (
                        isinstance(call.value, ast.Constant) and not call.value.value
                    )
        elif isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef)):
            for decorator in statement.decorator_list:
                if isinstance(decorator, ast.Call) and any(
                    isinstance(argument, ast.Constant) and argument.value == name
                    for argument in decorator.args
                ):
                    text = ast.unparse(decorator.func)
                    if text.endswith("serializer"):
                        return True
    return False
