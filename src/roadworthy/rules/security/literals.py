"""The name that a literal is given to: a variable, a field, a parameter, a key."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from roadworthy.rules.files import ReviewedFile
from roadworthy.rules.review import Review
from roadworthy.rules.security.words import words
from roadworthy.rules.trees import last_name

_READS = frozenset(
    {
        "os.getenv",
        "os.environ.get",
        "decouple.config",
        "starlette.config.Config",
        "starlette.config.Config.__call__",
    }
)
_SIGNING = {"hmac.new": 0, "hmac.digest": 0, "jwt.encode": 1, "jwt.decode": 1}
"""What takes a key, and where."""


def signing_names(file: ReviewedFile) -> frozenset[str]:
    """Return the names that a file signs or encrypts with."""
    return file.once(_signing_names)


def _signing_names(file: ReviewedFile) -> frozenset[str]:
    found: set[str] = set()
    if file.mentions("secret"):
        found.update(_given_as_secret(file))
    if not file.mentions("hmac", "jwt"):
        return frozenset(found)
    for call in file.nodes(ast.Call):
        function = call.func
        if not isinstance(function, ast.Attribute) or not isinstance(
            function.value, ast.Name
        ):
            continue
        position = _SIGNING.get(f"{function.value.id}.{function.attr}")
        given = [k.value for k in call.keywords if k.arg == "key"]
        if position is not None:
            given += call.args[position : position + 1]
            found.update(part.id for part in given if isinstance(part, ast.Name))
    return frozenset(found)


def _given_as_secret(file: ReviewedFile) -> Iterator[str]:
    """Yield the names that are given as a secret: `Strategy(secret=S)`, `a.secret = S`."""
    for keyword in file.nodes(ast.keyword):
        if keyword.arg in ("secret", "secret_key") and isinstance(
            keyword.value, ast.Name
        ):
            yield keyword.value.id
    for statement in file.nodes(ast.Assign):
        if isinstance(statement.value, ast.Name) and any(
            words(last_name(target))[-1:] == ("secret",) for target in statement.targets
        ):
            yield statement.value.id


def given_name(
    review: Review, file: ReviewedFile, constant: ast.Constant
) -> str | None:
    """Return the name that a literal is given to."""
    node: ast.AST = constant
    parent = file.parent(node)
    while isinstance(parent, (ast.BoolOp, ast.IfExp)):
        if isinstance(parent, ast.IfExp) and node is parent.test:
            return None
        node, parent = parent, file.parent(parent)
    if isinstance(parent, ast.Call) and node in (*parent.args, *parent.keywords):
        return _called(review, file, parent, node)
    if isinstance(parent, ast.keyword):
        call = file.parent(parent)
        if parent.arg in ("default", "fallback") and isinstance(call, ast.Call):
            return _called(review, file, call, node)
        if isinstance(call, ast.Call) and _is_wrapper(review, file, call):
            return _assigned_name(file, call)
        return parent.arg
    if isinstance(parent, ast.arguments):
        return _parameter(parent, node)
    if isinstance(parent, ast.Tuple) and len(parent.elts) == 2:
        # `auth=(name, password)` of an HTTP client.
        around = file.parent(parent)
        if parent.elts[1] is node and isinstance(around, ast.keyword):
            return "password" if around.arg in ("auth", "basic_auth") else None
        return None
    if isinstance(parent, ast.Dict):
        for key, value in zip(parent.keys, parent.values, strict=True):
            if value is node and isinstance(key, ast.Constant):
                return key.value if isinstance(key.value, str) else None
        return None
    return _assigned_name(file, node)


def _called(
    review: Review, file: ReviewedFile, call: ast.Call, node: ast.AST
) -> str | None:
    """Return the name of what a call makes of a literal: a default, a field, a key."""
    function = call.func
    last_part = function.attr if isinstance(function, ast.Attribute) else ""
    if isinstance(function, ast.Name):
        last_part = function.id
    if last_part not in _TELLING:
        return None
    names = review.static_names(file, call)
    if not names.isdisjoint(_READS):
        given = [*call.args[1:2], *(k.value for k in call.keywords)]
        first = call.args[0] if call.args else None
        if node in given and isinstance(first, ast.Constant):
            return first.value if isinstance(first.value, str) else None
        return None
    if _is_wrapper(review, file, call) and (
        node in call.args[:1] or node not in call.args
    ):
        return _assigned_name(file, call)
    last = {name.rpartition(".")[2] for name in names}
    if not last.isdisjoint({"encode", "decode"}) and any(
        name.startswith(("jwt.", "jose.")) for name in names
    ):
        return "secret key" if node in call.args[1:2] else None
    if "hmac.new" in names:
        return "secret key" if node in call.args[:1] else None
    return None


_TELLING = frozenset(
    {
        "getenv",
        "get",
        "config",
        "encode",
        "decode",
        "new",
        "SecretStr",
        "SecretBytes",
        "Field",
        "Secret",
        "Fernet",
        "str",
        "bytes",
    }
)
_WRAPPERS = frozenset(
    {"SecretStr", "SecretBytes", "Field", "Secret", "Fernet", "str", "bytes"}
)


def _is_wrapper(review: Review, file: ReviewedFile, call: ast.Call) -> bool:
    function = call.func
    if isinstance(function, ast.Name) and function.id not in _WRAPPERS:
        return False
    return any(
        name.rpartition(".")[2] in _WRAPPERS for name in review.static_names(file, call)
    )


def _assigned_name(file: ReviewedFile, node: ast.AST) -> str | None:
    parent = file.parent(node)
    while isinstance(parent, ast.Call):
        node, parent = parent, file.parent(parent)
    if isinstance(parent, ast.keyword):
        return parent.arg
    target: ast.expr | None = None
    if isinstance(parent, ast.Assign) and len(parent.targets) == 1:
        target = parent.targets[0]
    elif isinstance(parent, ast.AnnAssign):
        target = parent.target
    if isinstance(target, ast.Name):
        return target.id
    if isinstance(target, ast.Attribute):
        return target.attr
    if isinstance(target, ast.Subscript) and isinstance(target.slice, ast.Constant):
        key = target.slice.value
        return key if isinstance(key, str) else None
    return None


def _parameter(arguments: ast.arguments, default: ast.AST) -> str | None:
    plain = [*arguments.posonlyargs, *arguments.args]
    count = len(arguments.defaults)
    for argument, value in zip(
        plain[-count:] if count else [], arguments.defaults, strict=True
    ):
        if value is default:
            return argument.arg
    for argument, other in zip(
        arguments.kwonlyargs, arguments.kw_defaults, strict=True
    ):
        if other is default:
            return argument.arg
    return None
