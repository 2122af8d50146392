"""RW608 weak-password-hash."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from roadworthy.findings import Finding
from roadworthy.rules import kinds
from roadworthy.rules.base import Rule
from roadworthy.rules.files import FunctionNode, ReviewedFile, own_nodes
from roadworthy.rules.nodes import walk
from roadworthy.rules.review import Review
from roadworthy.rules.security.bindings import (
    arguments_for,
    is_renamed,
    reaching,
)
from roadworthy.rules.security.questions import Question
from roadworthy.rules.security.tracing import tracer
from roadworthy.rules.security.words import is_password, words
from roadworthy.rules.trees import names_in
from roadworthy.values.atoms import Instance

RULE = Rule(
    code="RW608",
    name="weak-password-hash",
    severity="error",
    summary="A password hashed with a fast hash, or compared in clear.",
    why=(
        "A graphics card tries billions of SHA-256 hashes a second: whoever gets the "
        "table has the passwords the same day, and with them the users' other accounts. "
        "Passwords in clear need not even be tried."
    ),
    instead="argon2 or bcrypt: `PasswordHash.recommended().hash(password)` of `pwdlib`.",
    wrong="""\
import hashlib

from fastapi import FastAPI
from pydantic import BaseModel


class NewUser(BaseModel):
    name: str
    password: str


app = FastAPI()


@app.post("/users")
async def create_user(user: NewUser) -> str:
    return hashlib.sha256(user.password.encode()).hexdigest()  # expect: RW608
""",
    right="""\
from fastapi import FastAPI
from pwdlib import PasswordHash
from pydantic import BaseModel


class NewUser(BaseModel):
    name: str
    password: str


app = FastAPI()
password_hash = PasswordHash.recommended()


@app.post("/users")
async def create_user(user: NewUser) -> str:
    return password_hash.hash(user.password)
""",
    references=(
        "https://cheatsheetseries.owasp.org/cheatsheets/"
        "Password_Storage_Cheat_Sheet.html",
        "https://fastapi.tiangolo.com/tutorial/security/oauth2-jwt/",
    ),
)

_FAST = frozenset(
    {
        "hashlib.md5",
        "hashlib.sha1",
        "hashlib.sha224",
        "hashlib.sha256",
        "hashlib.sha384",
        "hashlib.sha512",
        "hashlib.sha3_256",
        "hashlib.sha3_512",
        "hashlib.blake2b",
        "hashlib.blake2s",
        "hashlib.new",
    }
)
_LAST = frozenset(name.rpartition(".")[2] for name in _FAST)
_SLOW = ("bcrypt", "argon2", "passlib", "pwdlib", "scrypt", "pbkdf2")
_LEAKED = ("pwnedpasswords", "haveibeenpwned", "hibp")
_MOST_CALLERS = 8
_CLIENT = Question(guarded=False)


def check(review: Review) -> Iterator[Finding]:
    """Flag fast hashes of passwords, and comparisons of passwords in clear."""
    for file in review.files:
        speaks = file.mentions("password", "passwd", "pwd")
        if not speaks and not file.mentions("hashlib"):
            continue
        for call in file.nodes(ast.Call):
            if _hashes_password(review, file, call):
                yield review.finding(
                    RULE, file, call, "a password is hashed with a hash made to be fast"
                )
        for node, info in review.reached_functions(file) if speaks else ():
            for test in own_nodes(node):
                if isinstance(test, ast.Compare) and _compares_clear(
                    review, file, test
                ):
                    yield review.finding(
                        RULE,
                        file,
                        test,
                        "a password is compared in clear: it is stored so",
                        entry=review.entry_of(info),
                    )


def _hashes_password(review: Review, file: ReviewedFile, call: ast.Call) -> bool:
    function = call.func
    last = function.attr if isinstance(function, ast.Attribute) else ""
    if isinstance(function, ast.Name):
        last = function.id
    scope = file.function_of(call)
    if last == "update" and scope is not None and isinstance(function, ast.Attribute):
        if not isinstance(function.value, ast.Name):
            return False
        sources, _ = reaching(file, scope, function.value)
        if not any(
            isinstance(s, ast.Call)
            and not _FAST.isdisjoint(review.static_names(file, s))
            for s in sources
        ):
            return False
    elif (last not in _LAST and not is_renamed(file, last)) or _FAST.isdisjoint(
        review.static_names(file, call)
    ):
        return False
    if any(
        keyword.arg == "usedforsecurity"
        and kinds.is_false(review.value(file, keyword.value))
        for keyword in call.keywords
    ):
        return False
    if scope is None or not any(
        _holds_password(file, scope, argument, 0)
        or _is_given_password(review, file, scope, argument)
        for argument in call.args
    ):
        return False
    return not _is_hashed_again(review, file, scope)


def _holds_password(
    file: ReviewedFile, function: FunctionNode, node: ast.expr, depth: int
) -> bool:
    """Whether a value is made of a password in clear."""
    if depth > 4:
        return False
    for part in walk(node):
        if isinstance(part, ast.Attribute) and is_password(part.attr):
            return True
        if isinstance(part, ast.Subscript) and isinstance(part.slice, ast.Constant):
            key = part.slice.value
            if isinstance(key, str) and is_password(key):
                return True
        if isinstance(part, ast.Name):
            if is_password(part.id) or _is_for_passwords(function, part.id):
                return True
            if part.id in file.local_names(function):
                sources, _ = reaching(file, function, part)
                if any(
                    source is not node
                    and isinstance(
                        source, (ast.BinOp, ast.JoinedStr, ast.Call, ast.Attribute)
                    )
                    and not _is_digest(source)
                    and _holds_password(file, function, source, depth + 1)
                    for source in sources
                ):
                    return True
    return False


def _is_given_password(
    review: Review, file: ReviewedFile, function: FunctionNode, node: ast.expr
) -> bool:
    """Whether a function hashes what a caller gives it, and one gives it a password."""
    info = review.function_info(file, function)
    arguments = function.args
    parameters = {
        argument.arg
        for argument in (
            *arguments.posonlyargs,
            *arguments.args,
            *arguments.kwonlyargs,
        )
    }
    names = parameters & names_in(node)
    if info is None or not names:
        return False
    for caller in review.callers(info)[:_MOST_CALLERS]:
        caller_file, caller_node = review.file_of(caller.module), review.node_of(caller)
        if caller_file is None or caller_node is None:
            continue
        for call, callee in tracer(review).calls_of(caller_file, caller_node, info):
            for name in names:
                if any(
                    _holds_password(caller_file, caller_node, given, 3)
                    for given in arguments_for(call, callee, name)
                ):
                    return True
    return False


def _is_for_passwords(function: FunctionNode, name: str) -> bool:
    """Whether a name is the first parameter of `hash_password` or the like."""
    said = set(words(function.name))
    if "password" not in said or said.isdisjoint(
        {"hash", "verify", "check", "encrypt"}
    ):
        return False
    arguments = [
        argument.arg
        for argument in (*function.args.posonlyargs, *function.args.args)
        if argument.arg not in ("self", "cls")
    ]
    return bool(arguments) and name == arguments[0]


def _is_digest(node: ast.expr) -> bool:
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and bool({"digest", "hexdigest", "hash"} & set(words(node.func.attr)))
    )


def _is_hashed_again(review: Review, file: ReviewedFile, scope: FunctionNode) -> bool:
    """Whether a slow hash, or a service that knows leaked passwords, gets the digest."""
    for part in own_nodes(scope):
        if isinstance(part, ast.Call):
            names = review.static_names(file, part) or review.names(file, part)
            if any(word in name for name in names for word in _SLOW):
                return True
        elif isinstance(part, ast.Constant) and isinstance(part.value, str):
            if any(word in part.value for word in _LEAKED):
                return True
    info = review.function_info(file, scope)
    if info is None:
        return False
    for caller in review.callers(info):
        node, caller_file = review.node_of(caller), review.file_of(caller.module)
        if node is None or caller_file is None:
            continue
        for part in own_nodes(node):
            if isinstance(part, ast.Call) and any(
                word in name
                for name in review.names(caller_file, part)
                for word in _SLOW
            ):
                return True
    return False


def _compares_clear(review: Review, file: ReviewedFile, test: ast.Compare) -> bool:
    if len(test.ops) != 1 or not isinstance(test.ops[0], (ast.Eq, ast.NotEq)):
        return False
    left, right = test.left, test.comparators[0]
    trace = tracer(review)
    for given, stored in ((left, right), (right, left)):
        if not _is_stored_password(review, file, stored):
            continue
        if isinstance(given, ast.Constant) or not _is_clear(given):
            continue
        if trace.client(file, stored, _CLIENT) is not None:
            continue
        if trace.client(file, given, _CLIENT) is not None:
            return True
    return False


def _is_clear(node: ast.expr) -> bool:
    if isinstance(node, ast.Attribute):
        return is_password(node.attr)
    if isinstance(node, ast.Name):
        return is_password(node.id)
    if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant):
        return isinstance(node.slice.value, str) and is_password(node.slice.value)
    return False


def _is_stored_password(review: Review, file: ReviewedFile, node: ast.expr) -> bool:
    """Whether an expression reads a password from a row, record or mapping."""
    if isinstance(node, ast.Attribute):
        if not is_password(node.attr):
            return False
        owner = review.value(file, node.value)
        return not kinds.any_is(owner, kinds.is_settings) and (
            not kinds.known(owner)
            or kinds.any_is(owner, lambda a: isinstance(a, Instance))
            or kinds.any_is(owner, kinds.is_table_model)
        )
    return isinstance(node, ast.Subscript) and _is_clear(node)
