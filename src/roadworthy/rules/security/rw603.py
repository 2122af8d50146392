"""RW603 jwt-misuse."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from roadworthy.findings import Finding
from roadworthy.rules import kinds
from roadworthy.rules.base import Rule
from roadworthy.rules.files import FunctionNode, ReviewedFile, own_nodes
from roadworthy.rules.nodes import walk
from roadworthy.rules.review import Review
from roadworthy.rules.security.bindings import is_renamed
from roadworthy.rules.security.words import words
from roadworthy.rules.trees import last_name, targets_of
from roadworthy.values.atoms import Const, Instance, Mapping, Value

RULE = Rule(
    code="RW603",
    name="jwt-misuse",
    severity="error",
    summary="A token read without checking its signature, or issued without an end.",
    why=(
        "A token whose signature or algorithm is not checked can be written by anybody. "
        "A token without `exp` that leaks stays good for ever."
    ),
    instead=(
        '`jwt.decode(token, key, algorithms=["HS256"])`, and an `exp` claim in every '
        "token that is issued."
    ),
    wrong="""\
import jwt
from fastapi import FastAPI

from settings import settings

app = FastAPI()


@app.get("/me")
async def read_me(token: str) -> str:
    claims = jwt.decode(  # expect: RW603
        token, settings.secret_key, options={"verify_signature": False}
    )
    return claims["sub"]


@app.post("/token")
async def issue_token(name: str) -> str:
    return jwt.encode({"sub": name}, settings.secret_key)  # expect: RW603
""",
    right="""\
from datetime import datetime, timedelta, timezone

import jwt
from fastapi import FastAPI

from settings import settings

app = FastAPI()


@app.get("/me")
async def read_me(token: str) -> str:
    claims = jwt.decode(token, settings.secret_key, algorithms=["HS256"])
    return claims["sub"]


@app.post("/token")
async def issue_token(name: str) -> str:
    end = datetime.now(timezone.utc) + timedelta(minutes=15)
    return jwt.encode({"sub": name, "exp": end}, settings.secret_key)
""",
    references=(
        "https://pyjwt.readthedocs.io/en/stable/usage.html",
        "https://www.rfc-editor.org/rfc/rfc8725",
    ),
)

_DECODE = frozenset(
    {
        "jwt.decode",
        "jwt.decode_complete",
        "jwt.PyJWT.decode",
        "jwt.PyJWT.decode_complete",
        "jwt.api_jwt.decode",
        "jwt.api_jwt.PyJWT.decode",
        "jose.jwt.decode",
    }
)
_ENCODE = frozenset(
    {
        "jwt.encode",
        "jwt.PyJWT.encode",
        "jwt.api_jwt.encode",
        "jwt.api_jwt.PyJWT.encode",
        "jose.jwt.encode",
    }
)
_ENCRYPTING = frozenset({"encrypt", "encrypted", "encryption"})
# What a provider is asked by: words of a call's name.
_ASKING = frozenset({"userinfo", "introspect", "introspection"})
_ENCODE_SECOND = frozenset(
    {
        "authlib.jose.jwt.encode",
        "authlib.jose.JsonWebToken.encode",
        "joserfc.jwt.encode",
    }
)


def check(review: Review) -> Iterator[Finding]:
    """Flag decode and encode calls of PyJWT, python-jose and Authlib."""
    for file in review.files:
        if not file.mentions("jwt", "jose"):
            continue
        for call in file.nodes(ast.Call):
            last = last_name(call.func)
            if last == "get_unverified_claims":
                if _reads_unverified(review, file, call):
                    yield review.finding(RULE, file, call, _UNVERIFIED)
                continue
            if last not in ("decode", "encode", "decode_complete") and not (
                isinstance(call.func, ast.Name) and is_renamed(file, last)
            ):
                continue
            if not call.keywords and not (
                call.args and not isinstance(call.args[0], ast.Constant)
            ):
                continue  # of a text
            names = _names(review, file, call)
            problem: str | None = None
            if not _DECODE.isdisjoint(names):
                problem = _decoding(review, file, call)
            elif not _ENCODE.isdisjoint(names):
                problem = _encoding(review, file, call, 0)
            elif not _ENCODE_SECOND.isdisjoint(names):
                problem = _encoding(review, file, call, 1)
            if problem is not None:
                yield review.finding(RULE, file, call, problem)


_UNVERIFIED = "the token's signature is not verified: anybody can write one"


def _reads_unverified(review: Review, file: ReviewedFile, call: ast.Call) -> bool:
    """Whether python-jose reads claims that nothing else vouches for."""
    return review.static_names(file, call) == {
        "jose.jwt.get_unverified_claims"
    } and not (
        _is_verified_besides(review, file, call)
        or _only_chooses(file, call)
        or _says_unverified(review, file, call)
    )


def _names(review: Review, file: ReviewedFile, call: ast.Call) -> frozenset[str]:
    names = review.static_names(file, call)
    if names or not file.mentions("PyJWT", "JsonWebToken"):
        return names
    return review.names(file, call)


# -- decoding --------------------------------------------------------------------------


def _decoding(review: Review, file: ReviewedFile, call: ast.Call) -> str | None:
    given = {k.arg: k.value for k in call.keywords}
    if None in given or any(isinstance(a, ast.Starred) for a in call.args):
        return None
    if _is_unverified(review, file, call, given):
        if (
            _is_verified_besides(review, file, call)
            or _only_chooses(file, call)
            or _says_unverified(review, file, call)
        ):
            return None
        return _UNVERIFIED
    algorithms = given.get("algorithms") or (
        call.args[2] if len(call.args) > 2 else None
    )
    if algorithms is None or kinds.is_false(review.value(file, algorithms)):
        return "no `algorithms` are given: the token itself chooses how it is checked"
    if any(text.lower() == "none" for text in _texts(review, file, algorithms)):
        return '`"none"` is allowed: a token without a signature passes'
    return None


def _is_unverified(
    review: Review,
    file: ReviewedFile,
    call: ast.Call,
    given: dict[str | None, ast.expr],
) -> bool:
    verify = given.get("verify")
    if verify is not None and kinds.constants(review.value(file, verify)) == [False]:
        return True
    options = given.get("options")
    if options is None:
        return False
    for node in _assigned(file, options):
        if isinstance(node, ast.Dict):
            for key, value in zip(node.keys, node.values, strict=True):
                if (
                    isinstance(key, ast.Constant)
                    and key.value == "verify_signature"
                    and kinds.constants(review.value(file, value)) == [False]
                ):
                    return True
        elif isinstance(node, ast.Call) and any(
            keyword.arg == "verify_signature"
            and kinds.constants(review.value(file, keyword.value)) == [False]
            for keyword in node.keywords
        ):
            return True
    return _says_so(review.value(file, options))


def _says_so(value: Value) -> bool:
    """Whether options that are kept elsewhere switch the verification off."""
    return bool(value) and all(
        isinstance(atom, Mapping)
        and any(
            key == "verify_signature" and kinds.constants(held) == [False]
            for key, held in atom.items or ()
        )
        for atom in value
    )


def _is_verified_besides(review: Review, file: ReviewedFile, call: ast.Call) -> bool:
    """Whether the same function has the same token's signature checked.

    By decoding it again, or before by the provider that issued it.
    """
    function = file.function_of(call)
    if function is None or not call.args:
        return False
    token = ast.dump(call.args[0])
    for other in own_nodes(function):
        if not isinstance(other, ast.Call) or other is call:
            continue
        if _asks_provider(file, other, token) and other.lineno < call.lineno:
            return True
        if (
            other.args
            and ast.dump(other.args[0]) == token
            and not _DECODE.isdisjoint(_names(review, file, other))
            and not _is_unverified(
                review, file, other, {k.arg: k.value for k in other.keywords}
            )
        ):
            return True
    return False


def _asks_provider(file: ReviewedFile, call: ast.Call, token: str) -> bool:
    """Whether a call shows the token to its provider, which refuses a forged one.

    These are OpenID Connect's UserInfo endpoint and the introspection of RFC 7662.
    """
    said = frozenset(words(last_name(call.func)))
    if said.isdisjoint(_ASKING) and not said >= {"user", "info"}:
        return False
    return any(
        ast.dump(part) == token
        for given in (*call.args, *(keyword.value for keyword in call.keywords))
        for value in (given, *_assigned(file, given))
        for part in walk(value)
    )


def _says_unverified(review: Review, file: ReviewedFile, call: ast.Call) -> bool:
    """Whether a helper says by its name that nobody may trust what it returns."""
    function = file.function_of(call)
    if function is None or "unverified" not in words(function.name):
        return False
    info = review.function_info(file, function)
    return info is not None and review.handler_of(info) is None


def _only_chooses(file: ReviewedFile, call: ast.Call) -> bool:
    """Whether nothing is read but what chooses a key, or when to come back."""
    parent = file.parent(call)
    function = file.function_of(call)
    target: ast.expr | None = None
    if isinstance(parent, ast.Assign) and len(parent.targets) == 1:
        target = parent.targets[0]
    elif isinstance(parent, ast.AnnAssign):
        target = parent.target
    if not isinstance(target, ast.Name) or function is None:
        return _chooses(file, call)
    uses = [
        part
        for part in own_nodes(function)
        if isinstance(part, ast.Name)
        and part.id == target.id
        and isinstance(part.ctx, ast.Load)
    ]
    return bool(uses) and all(_chooses(file, use) for use in uses)


def _chooses(file: ReviewedFile, claims: ast.expr) -> bool:
    parent = file.parent(claims)
    key: ast.expr | None = None
    if isinstance(parent, ast.Subscript):
        key = parent.slice
    elif isinstance(parent, ast.Attribute) and parent.attr == "get":
        get = file.parent(parent)
        key = get.args[0] if isinstance(get, ast.Call) and get.args else None
    return isinstance(key, ast.Constant) and key.value in ("iss", "kid", "exp", "iat")


def _texts(review: Review, file: ReviewedFile, node: ast.expr) -> list[str]:
    elements = node.elts if isinstance(node, (ast.List, ast.Tuple, ast.Set)) else [node]
    found: list[str] = []
    for element in elements:
        found.extend(
            atom.value
            for atom in review.value(file, element)
            if isinstance(atom, Const) and isinstance(atom.value, str)
        )
    return found


def _assigned(file: ReviewedFile, node: ast.expr) -> Iterator[ast.expr]:
    """Yield what an expression is; for a local name, what is assigned to it."""
    if not isinstance(node, ast.Name):
        yield node
        return
    scope = file.function_of(node) or file.tree
    for part in own_nodes(scope):
        if isinstance(part, ast.Assign):
            if any(isinstance(t, ast.Name) and t.id == node.id for t in part.targets):
                yield part.value
        elif (
            isinstance(part, ast.AnnAssign)
            and part.value is not None
            and isinstance(part.target, ast.Name)
            and part.target.id == node.id
        ):
            yield part.value


# -- encoding --------------------------------------------------------------------------


def _encoding(
    review: Review, file: ReviewedFile, call: ast.Call, position: int
) -> str | None:
    payload: ast.expr | None = None
    if len(call.args) > position:
        payload = call.args[position]
    for keyword in call.keywords:
        if keyword.arg in ("payload", "claims"):
            payload = keyword.value
    if payload is None or isinstance(payload, ast.Starred):
        return None
    function = file.function_of(call)
    scope: ast.AST = function if function is not None else file.tree
    if function is not None and _stays_at_home(review, file, function, call):
        return None
    if _speaks_of_exp(scope) or not _is_without_exp(review, file, payload, 0):
        return None
    return "the token has no `exp`: once out, it is good for ever"


def _stays_at_home(
    review: Review, file: ReviewedFile, function: FunctionNode, call: ast.Call
) -> bool:
    """Whether a token is issued to nobody: it tries out a key, or hides stored data.

    Decoded by the very function that makes it, and seen by nothing else; or made by one
    that says it encrypts.
    """
    if not _ENCRYPTING.isdisjoint(words(function.name)):
        return True
    statement = file.statement_of(call)
    names = {t.id for t in targets_of(statement) if isinstance(t, ast.Name)}
    uses = [
        file.parent(part)
        for part in own_nodes(function)
        if isinstance(part, ast.Name)
        and part.id in names
        and isinstance(part.ctx, ast.Load)
    ]
    return bool(uses) and all(
        isinstance(use, ast.Call) and not _DECODE.isdisjoint(_names(review, file, use))
        for use in uses
    )


def _speaks_of_exp(scope: ast.AST) -> bool:
    for node in own_nodes(scope):
        if isinstance(node, ast.Constant) and node.value == "exp":
            return True
        if isinstance(node, ast.keyword) and node.arg == "exp":
            return True
    return False


def _is_without_exp(
    review: Review, file: ReviewedFile, node: ast.expr, depth: int
) -> bool:
    """Whether a payload certainly has no `exp`."""
    if depth > 6:
        return False
    if isinstance(node, ast.Dict):
        return all(
            (
                _is_named(review, file, key)
                if key is not None
                else _is_without_exp(review, file, value, depth + 1)
            )
            for key, value in zip(node.keys, node.values, strict=True)
        )
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
        return _is_without_exp(review, file, node.left, depth + 1) and _is_without_exp(
            review, file, node.right, depth + 1
        )
    if isinstance(node, ast.Call):
        function = node.func
        if isinstance(function, ast.Name) and function.id == "dict":
            return all(
                k.arg is not None and k.arg != "exp" for k in node.keywords
            ) and all(_is_without_exp(review, file, a, depth + 1) for a in node.args)
        if isinstance(function, ast.Attribute) and function.attr == "copy":
            return _is_without_exp(review, file, function.value, depth + 1)
        if isinstance(function, ast.Attribute) and function.attr in (
            "dict",
            "model_dump",
        ):
            return _has_no_exp_field(review, review.value(file, function.value))
        return _value_without_exp(review.value(file, node))
    if isinstance(node, ast.Name):
        scope = file.function_of(node)
        if scope is None:
            return False
        if not _is_only_read(scope, node):
            return False
        assigned = list(_assigned(file, node))
        if assigned:
            return all(_is_without_exp(review, file, v, depth + 1) for v in assigned)
        info = review.function_info(file, scope)
        if info is not None and any(p.name == node.id for p in info.code.parameters):
            return _value_without_exp(review.given(info, node.id))
    return False


def _is_only_read(scope: ast.AST, name: ast.Name) -> bool:
    """Whether a dictionary is changed only by assigning constant keys to it."""
    for part in own_nodes(scope):
        if isinstance(part, ast.Call):
            function = part.func
            if (
                isinstance(function, ast.Attribute)
                and isinstance(function.value, ast.Name)
                and function.value.id == name.id
                and function.attr in ("update", "setdefault", "__setitem__")
            ):
                for argument in part.args:
                    if not isinstance(argument, (ast.Dict, ast.Constant)):
                        return False
                    if isinstance(argument, ast.Dict) and None in argument.keys:
                        return False
    return True


def _is_named(review: Review, file: ReviewedFile, key: ast.expr) -> bool:
    names = kinds.constants(review.value(file, key))
    return names is not None and "exp" not in names


def _has_no_exp_field(review: Review, value: Value) -> bool:
    return bool(value) and all(
        isinstance(atom, Instance)
        and atom.exact
        and all(name != "exp" for name, _, _ in review.field_types(atom.cls))
        for atom in value
    )


def _value_without_exp(value: Value) -> bool:
    """Whether a value is a dictionary whose keys are all known, `exp` not among them."""
    return bool(value) and all(
        isinstance(atom, Mapping)
        and bool(atom.items)
        and all(key != "exp" for key, _ in atom.items or ())
        for atom in value
    )
