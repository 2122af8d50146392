"""RW502 auth-in-handler."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from math import inf

from roadworthy.findings import Finding
from roadworthy.rules import kinds
from roadworthy.rules.base import Rule
from roadworthy.rules.files import ReviewedFile, own_nodes
from roadworthy.rules.handlers import Handler
from roadworthy.rules.injection.functions import each_function
from roadworthy.rules.nodes import walk
from roadworthy.rules.review import Review
from roadworthy.rules.security.authentication import REFUSALS, guards
from roadworthy.rules.security.routes import is_open_by_name, is_webhook, segments
from roadworthy.rules.security.words import words
from roadworthy.values.atoms import Function
from roadworthy.values.program import FunctionInfo

RULE = Rule(
    code="RW502",
    name="auth-in-handler",
    severity="warning",
    summary="A handler decodes the token or checks the credentials itself.",
    why=(
        "Each handler that does this is a place where the check can be forgotten or made "
        "differently, the API's description does not say that the route needs a login, "
        "and tests cannot put a user in its place."
    ),
    instead="`user: Annotated[User, Depends(get_current_user)]`.",
    wrong="""\
from typing import Annotated

import jwt
from fastapi import Depends, FastAPI
from fastapi.security import OAuth2PasswordBearer

app = FastAPI()
scheme = OAuth2PasswordBearer("/login")
KEY = "…"


@app.get("/pens")
async def read_pens(token: Annotated[str, Depends(scheme)]) -> str:
    claims = jwt.decode(token, KEY, algorithms=["HS256"])  # expect: RW502
    return claims["sub"]
""",
    right="""\
from typing import Annotated

import jwt
from fastapi import Depends, FastAPI
from fastapi.security import OAuth2PasswordBearer

app = FastAPI()
scheme = OAuth2PasswordBearer("/login")
KEY = "…"


async def get_current_user(token: Annotated[str, Depends(scheme)]) -> str:
    return jwt.decode(token, KEY, algorithms=["HS256"])["sub"]


@app.get("/pens")
async def read_pens(user: Annotated[str, Depends(get_current_user)]) -> str:
    return user
""",
    references=("https://fastapi.tiangolo.com/tutorial/security/get-current-user/",),
)

_DECODES = frozenset(
    {
        "jwt.decode",
        "jwt.api_jwt.decode",
        "jwt.PyJWT.decode",
        "jwt.api_jwt.PyJWT.decode",
        "jose.jwt.decode",
        "authlib.jose.jwt.decode",
        "authlib.jose.JsonWebToken.decode",
        "joserfc.jwt.decode",
        "firebase_admin.auth.verify_id_token",
        "google.oauth2.id_token.verify_oauth2_token",
        "google.oauth2.id_token.verify_firebase_token",
    }
)
_CHECKS = frozenset(
    {
        "passlib.context.CryptContext.verify",
        "passlib.hash.bcrypt.verify",
        "passlib.hash.argon2.verify",
        "bcrypt.checkpw",
        "pwdlib.PasswordHash.verify",
        "argon2.PasswordHasher.verify",
    }
)
_COMPARES = frozenset(
    {"secrets.compare_digest", "hmac.compare_digest", "_operator._compare_digest"}
)
_ISSUES = frozenset(
    {"jwt.encode", "jwt.api_jwt.encode", "jose.jwt.encode", "authlib.jose.jwt.encode"}
)
_HELPED = _DECODES | _CHECKS
_LAST = frozenset(name.rpartition(".")[2] for name in _DECODES | _CHECKS | _COMPARES)
_CREDENTIALS = frozenset(
    f"fastapi.security.{module}{name}"
    for module in ("", "http.")
    for name in ("HTTPBasicCredentials", "HTTPAuthorizationCredentials")
)
_EXEMPT_WORDS = """
    verify verification verified confirm confirmation password passwd refresh invite
    invitation invitations unsubscribe reset recover recovery magic introspect
    introspection validate revoke activate activation delete exchange token tokens
    """
_EXEMPT = frozenset(_EXEMPT_WORDS.split())
_DEEPEST = 2


def check(review: Review) -> Iterator[Finding]:
    """Flag calls in handlers that decode tokens, themselves or in a helper."""
    helpers: dict[FunctionInfo, bool] = {}
    for handler in each_function(review):
        file = handler.file
        if not review.is_application_file(file) or _is_exempt(review, handler):
            continue
        received = _first_message(handler)
        for call in own_nodes(handler.node):
            if not isinstance(call, ast.Call) or call.lineno > received:
                continue
            what = _what(review, file, call, helpers)
            if what is not None:
                yield review.finding(
                    RULE,
                    file,
                    call,
                    f"`{file.text(call.func)}` {what} inside the handler",
                    entry=handler,
                )


def _is_exempt(review: Review, handler: Handler) -> bool:
    """Whether the route is there to take credentials: login, refresh, verification."""
    if is_webhook(handler) or is_open_by_name(review, handler):
        return True
    if _logs_in(review, handler) or _has_user(review, handler):
        return True
    said = {word for part in segments(handler.path)[-2:] for word in words(part)}
    return not _EXEMPT.isdisjoint(said | set(words(handler.node.name)))


def _has_user(review: Review, handler: Handler) -> bool:
    """Whether a dependency of the project has found out already who asks.

    What the handler decodes then is another matter: an invitation, a password again.
    """
    guard = guards(review)
    return any(
        review.file_of(function.function.module) is not None
        and not REFUSALS.isdisjoint(guard.statuses(function.function))
        for use in review.dependencies(handler)
        for function in use.functions
    )


def _first_message(handler: Handler) -> float:
    """Return the line on which a websocket's first message is read.

    A token in a message is out of a dependency's reach.
    """
    if not handler.is_websocket:
        return inf
    lines = [
        node.lineno
        for node in own_nodes(handler.node)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr.startswith(("receive", "iter_"))
    ]
    return min(lines, default=inf)


def _logs_in(review: Review, handler: Handler) -> bool:
    """Whether a handler begins a session: it fills `request.session`, or issues a token."""
    for node in own_nodes(handler.node):
        if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store):
            held = node.value
            if isinstance(held, ast.Attribute) and held.attr == "session":
                if kinds.any_is(
                    review.value(handler.file, held.value), kinds.is_request
                ):
                    return True
        elif isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "encode":
            if not _ISSUES.isdisjoint(review.names(handler.file, node)):
                return True
    return False


def _is_dropped(file: ReviewedFile, call: ast.Call) -> bool:
    """Whether nothing uses what a call gives."""
    parent = file.parent(call)
    if isinstance(parent, ast.Await):
        parent = file.parent(parent)
    return isinstance(parent, ast.Expr)


def _refuse(review: Review, functions: list[FunctionInfo]) -> bool:
    guard = guards(review)
    return all(not REFUSALS.isdisjoint(guard.statuses(info)) for info in functions)


def _what(
    review: Review,
    file: ReviewedFile,
    call: ast.Call,
    helpers: dict[FunctionInfo, bool],
) -> str | None:
    name = getattr(call.func, "attr", getattr(call.func, "id", ""))
    callees = review.callees(file, call)
    if name in _LAST:
        names = {found for atom in callees for found in review.names_of(atom)}
        if not _DECODES.isdisjoint(names):
            return "decodes a token"
        if not _CHECKS.isdisjoint(names):
            return "checks a password"
        if not _COMPARES.isdisjoint(names) and _compares_credentials(
            review, file, call
        ):
            return "checks credentials"
    functions = [atom.function for atom in callees if isinstance(atom, Function)]
    if functions and len(functions) == len(callees):
        if all(_decodes(review, info, _DEEPEST, helpers) for info in functions):
            if not _is_dropped(file, call) or _refuse(review, functions):
                return "decodes a token or checks a password"
    return None


def _compares_credentials(review: Review, file: ReviewedFile, call: ast.Call) -> bool:
    return any(
        isinstance(node, ast.Attribute)
        and kinds.any_is(
            review.value(file, node.value),
            lambda atom: kinds.inherits(atom, _CREDENTIALS),
        )
        for argument in call.args
        for node in walk(argument)
    )


def _decodes(
    review: Review, info: FunctionInfo, depth: int, known: dict[FunctionInfo, bool]
) -> bool:
    """Whether a function decodes a token or checks a password that it is given."""
    if info in known:
        return known[info]
    known[info] = False
    file, node = review.file_of(info.module), review.node_of(info)
    if file is None or node is None:
        return False
    given = {parameter.name for parameter in info.code.parameters} - {"self", "cls"}
    for call in own_nodes(node):
        if not isinstance(call, ast.Call) or not _passes_on(call, given):
            continue
        name = getattr(call.func, "attr", getattr(call.func, "id", ""))
        if name in _LAST and not _HELPED.isdisjoint(review.names(file, call)):
            known[info] = True
            break
        if depth > 1 and any(
            _decodes(review, atom.function, depth - 1, known)
            for atom in review.callees(file, call)
            if isinstance(atom, Function)
        ):
            known[info] = True
            break
    found = known[info]
    if not found and depth < _DEEPEST:
        # Only looked at in part: asked again from the top, it may answer otherwise.
        del known[info]
    return found


def _passes_on(call: ast.Call, names: set[str]) -> bool:
    """Whether some argument of a call is made from one of the names."""
    given = (*call.args, *(keyword.value for keyword in call.keywords))
    return any(
        node.id in names for argument in given for node in walk(argument, ast.Name)
    )
