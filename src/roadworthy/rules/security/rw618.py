"""RW618 timing-unsafe-compare."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from roadworthy.findings import Finding, Fix, Import
from roadworthy.fixes import imports, places
from roadworthy.rules import kinds
from roadworthy.rules.arguments import is_environment
from roadworthy.rules.base import Rule
from roadworthy.rules.files import FunctionNode, ReviewedFile, own_nodes
from roadworthy.rules.review import Review
from roadworthy.rules.security.bindings import reaching
from roadworthy.rules.security.tracing import Origin, Question, tracer
from roadworthy.rules.security.words import is_credential, is_secret, words
from roadworthy.rules.trees import dotted
from roadworthy.values.atoms import Const, ExternalInstance

RULE = Rule(
    code="RW618",
    name="timing-unsafe-compare",
    severity="warning",
    summary="`==` between a secret and what the client sent as proof.",
    why=(
        "`==` stops at the first character that differs. From how long the answer "
        "takes, a client learns the secret character by character."
    ),
    instead="`secrets.compare_digest(given.encode(), secret.encode())`.",
    wrong="""\
from typing import Annotated

from fastapi import FastAPI, Header, HTTPException
from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    api_key: str


settings = Settings()
app = FastAPI()


@app.post("/jobs")
async def start_job(x_api_key: Annotated[str, Header()]) -> str:
    if x_api_key != settings.api_key:  # expect: RW618
        raise HTTPException(401)
    return "started"
""",
    right="""\
import secrets
from typing import Annotated

from fastapi import FastAPI, Header, HTTPException
from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    api_key: str


settings = Settings()
app = FastAPI()


@app.post("/jobs")
async def start_job(x_api_key: Annotated[str, Header()]) -> str:
    if not secrets.compare_digest(x_api_key.encode(), settings.api_key.encode()):
        raise HTTPException(401)
    return "started"
""",
    fixed="""\
import secrets
from typing import Annotated

from fastapi import FastAPI, Header, HTTPException
from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    api_key: str


settings = Settings()
app = FastAPI()


@app.post("/jobs")
async def start_job(x_api_key: Annotated[str, Header()]) -> str:
    if not secrets.compare_digest(
        x_api_key.encode(), settings.api_key.encode()
    ):  # expect: RW618
        raise HTTPException(401)
    return "started"
""",
    fix_summary="Compares with `secrets.compare_digest`, as bytes (texts with other than ASCII characters are else refused); a value that may be None is asked for first. Values whose types are not known are left to you.",
    references=(
        "https://docs.python.org/3/library/secrets.html#secrets.compare_digest",
    ),
)

_QUESTION = Question(guarded=False)
_DIGESTS = frozenset({"hexdigest", "digest"})
_SECURITY = "fastapi.security."


def check(review: Review) -> Iterator[Finding]:
    """Flag equality of what a client sent and what only the server knows."""
    trace = tracer(review)
    for file in review.files:
        for node, info in review.reached_functions(file):
            tests = [
                test
                for test in own_nodes(node)
                if isinstance(test, ast.Compare)
                and len(test.ops) == 1
                and isinstance(test.ops[0], (ast.Eq, ast.NotEq))
            ]
            if not tests or not _speaks_of_secrets(node):
                continue
            for test in tests:
                left, right = test.left, test.comparators[0]
                for given, secret in ((left, right), (right, left)):
                    if not _is_proof(review, file, node, given):
                        continue
                    if not _is_secret(review, file, node, secret):
                        continue
                    origin = trace.client(file, given, _QUESTION)
                    if origin is None and not _is_scheme_result(review, file, given):
                        continue
                    if _is_known_default(file, secret):
                        continue
                    if _is_literal(review, file, secret) and not _is_sent_as_proof(
                        review, file, given, origin
                    ):
                        continue
                    yield review.finding(
                        RULE,
                        file,
                        test,
                        f"`{file.text(given)}` is compared with a secret in a time "
                        "that tells how much of it is right",
                        entry=review.entry_of(info),
                    )
                    break


def _speaks_of_secrets(function: FunctionNode) -> bool:
    """Whether a function names a credential, and compares something for equality."""
    named = compared = False
    for part in ast.walk(function):
        if isinstance(part, ast.Compare):
            compared = compared or isinstance(part.ops[0], (ast.Eq, ast.NotEq))
        elif isinstance(part, ast.Attribute):
            named = named or part.attr in _DIGESTS or is_credential(part.attr)
        elif isinstance(part, ast.Name):
            named = named or is_credential(part.id)
        elif isinstance(part, ast.arg):
            named = named or is_credential(part.arg)
        elif isinstance(part, ast.Constant) and isinstance(part.value, str):
            named = named or (len(part.value) < 40 and is_credential(part.value))
        if named and compared:
            return True
    return False


def _is_secret(
    review: Review, file: ReviewedFile, function: FunctionNode, node: ast.expr
) -> bool:
    """Whether an expression is a secret of the server: configured, or a digest."""
    node = _plain(node)
    if isinstance(node, ast.Call):
        target = node.func
        if isinstance(target, ast.Attribute):
            if target.attr in _DIGESTS:
                return _is_keyed(review, file, function, target.value)
            if target.attr == "get_secret_value":
                return True
        return _reads_environment(review, file, node) and any(
            isinstance(a, ast.Constant)
            and isinstance(a.value, str)
            and is_credential(a.value)
            for a in node.args[:1]
        )
    if isinstance(node, ast.Subscript):
        return (
            isinstance(node.slice, ast.Constant)
            and isinstance(node.slice.value, str)
            and is_credential(node.slice.value)
            and is_environment(review, file, node.value)
        )
    if isinstance(node, ast.Attribute):
        if not is_secret(node.attr):
            return False
        owner = review.value(file, node.value)
        return kinds.any_is(owner, kinds.is_settings) or (
            _is_module(review, file, node.value)
        )
    if isinstance(node, ast.Name):
        if node.id not in file.local_names(function):
            return is_secret(node.id)
        sources, is_parameter = reaching(file, function, node)
        return (
            bool(sources)
            and not is_parameter
            and any(_is_secret(review, file, function, source) for source in sources)
        )
    return False


def _is_known_default(file: ReviewedFile, node: ast.expr) -> bool:
    """Whether a name says that everybody knows the value: a default that is refused."""
    return not {"default", "legacy", "placeholder", "dummy", "example"}.isdisjoint(
        words(file.text(node))
    )


def _is_literal(review: Review, file: ReviewedFile, node: ast.expr) -> bool:
    """Whether a name is a literal of the code: often it only marks something."""
    value = review.static(file, node)
    return bool(value) and kinds.constants(value or ()) is not None


def _is_sent_as_proof(
    review: Review, file: ReviewedFile, node: ast.expr, origin: Origin | None
) -> bool:
    """Whether what is compared came in a header, a cookie or by a security scheme."""
    if origin is None:
        return True
    if origin.parameter is not None:
        return origin.parameter.kind in ("header", "cookie")
    return ".headers" in origin.text or ".cookies" in origin.text


def _plain(node: ast.expr) -> ast.expr:
    """Return what an expression is made of, prefixes and encodings left out."""
    if isinstance(node, ast.JoinedStr):
        parts = [p.value for p in node.values if isinstance(p, ast.FormattedValue)]
        return _plain(parts[0]) if len(parts) == 1 else node
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        if isinstance(node.left, ast.Constant):
            return _plain(node.right)
        if isinstance(node.right, ast.Constant):
            return _plain(node.left)
    if (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in ("encode", "decode", "strip", "lower")
    ):
        return _plain(node.func.value)
    return node


def _is_keyed(
    review: Review, file: ReviewedFile, function: FunctionNode, node: ast.expr
) -> bool:
    """Whether a digest is made with a key (`hmac.new`)."""
    if isinstance(node, ast.Call):
        return "hmac.new" in review.static_names(file, node)
    if isinstance(node, ast.Name):
        sources, _ = reaching(file, function, node)
        return any(_is_keyed(review, file, function, source) for source in sources)
    return False


def _reads_environment(review: Review, file: ReviewedFile, call: ast.Call) -> bool:
    names = review.static_names(file, call)
    return not names.isdisjoint({"os.getenv", "os.environ.get"})


def _is_module(review: Review, file: ReviewedFile, node: ast.expr) -> bool:
    from roadworthy.values.atoms import ModuleAtom

    return kinds.any_is(
        review.static(file, node) or (), lambda atom: isinstance(atom, ModuleAtom)
    )


def _is_proof(
    review: Review, file: ReviewedFile, function: FunctionNode, node: ast.expr
) -> bool:
    """Whether what is compared is meant to prove who sends it."""
    for part in ast.walk(node):
        text = ""
        if isinstance(part, ast.Name):
            text = part.id
        elif isinstance(part, ast.Attribute):
            text = part.attr
        elif isinstance(part, ast.Constant) and isinstance(part.value, str):
            text = part.value
        if text and (is_credential(text) or not _PROOF.isdisjoint(words(text))):
            return True
    if isinstance(node, ast.Name) and node.id in file.local_names(function):
        sources, is_parameter = reaching(file, function, node)
        return not is_parameter and any(
            source is not node and _is_proof(review, file, function, source)
            for source in sources
            if not isinstance(source, ast.Name)
        )
    return False


_PROOF = frozenset({"credentials", "bearer", "auth", "digest", "code", "pin"})


def _is_scheme_result(review: Review, file: ReviewedFile, node: ast.expr) -> bool:
    """Whether a value is what a security scheme of FastAPI read from the request."""
    for part in ast.walk(node):
        if isinstance(part, (ast.Name, ast.Attribute)):
            for atom in review.value(file, part):
                if any(name.startswith(_SECURITY) for name in kinds.lineage(atom)):
                    return True
    if not isinstance(node, ast.Name):
        return False
    function = file.function_of(node)
    info = review.function_info(file, function) if function is not None else None
    injected = tracer(review).injected(info) if info is not None else None
    parameter = injected.get(node.id) if injected is not None else None
    if parameter is None or parameter.depends is None:
        return False
    return any(
        name.startswith(_SECURITY)
        for atom in parameter.depends.value
        for name in kinds.lineage(atom)
    )


def fix(review: Review, finding: Finding) -> Fix | None:
    """Compare in constant time, and to the same result."""
    file = places.file_of(review, finding)
    test = places.node_at(file, finding, ast.Compare) if file is not None else None
    if file is None or test is None:
        return None
    named = _compare_digest(file)
    sides = [_as_bytes(review, file, n) for n in (test.left, test.comparators[0])]
    if named is None or sides[0] is None or sides[1] is None:
        return None
    function, needed = named
    is_equal = isinstance(test.ops[0], ast.Eq)
    text = f"{function}({sides[0][0]}, {sides[1][0]})"
    if not is_equal:
        text = f"not {text}"
    absent = [side[1] for side in sides if side is not None and side[1]]
    if absent:
        joint, asked = (" and ", "is not") if is_equal else (" or ", "is")
        text = joint.join([*(f"{name} {asked} None" for name in absent), text])
    holder = file.parent(test)
    alone = isinstance(holder, (ast.If, ast.While, ast.Assign, ast.Return, ast.Assert))
    if not alone and (absent or not is_equal):
        text = f"({text})"
    return Fix(True, (places.replace(file, test, text),), "", needed)


def _compare_digest(file: ReviewedFile) -> tuple[str, tuple[Import, ...]] | None:
    """Return how a file can name `compare_digest`, and the import that this needs."""
    for module in ("secrets", "hmac"):
        name = imports.bound_name(file.tree, f"from {module} import compare_digest")
        if name is not None:
            return name, ()
        name = imports.bound_name(file.tree, f"import {module}")
        if name is not None:
            return f"{name}.compare_digest", ()
    if not imports.binds(file.tree, "secrets"):
        return "secrets.compare_digest", (Import(file.relative, "import secrets"),)
    if not imports.binds(file.tree, "compare_digest"):
        statement = "from secrets import compare_digest"
        return "compare_digest", (Import(file.relative, statement),)
    return None


def _as_bytes(
    review: Review, file: ReviewedFile, node: ast.expr
) -> tuple[str, str] | None:
    """Return an operand as bytes, and the name to be asked whether it is None.

    None where its type is not known, or where it may be None and is more than a name:
    what is written twice is evaluated twice.
    """
    types = _types(review, file, node)
    text = places.source_text(file, node)
    optional = "None" in types
    if optional and dotted(node) is None:
        return None
    if "\n" in text:
        return None
    absent = text if optional else ""
    known = types - {"None"}
    if known == {"bytes"}:
        return text, absent
    if known == {"str"}:
        simple = isinstance(
            node, (ast.Name, ast.Attribute, ast.Call, ast.Subscript, ast.JoinedStr)
        )
        return f"{text if simple else f'({text})'}.encode()", absent
    return None


def _types(review: Review, file: ReviewedFile, node: ast.expr) -> set[str]:
    """Return `str`, `bytes`, `None`, and `?` for what an expression may also be."""
    if isinstance(node, ast.JoinedStr):
        return {"str"}
    found = {_type(atom) for atom in review.value(file, node)} or {"?"}
    if found == {"?"} and isinstance(node, ast.Call):
        target = node.func
        if isinstance(target, ast.Attribute) and not node.args and not node.keywords:
            return {_OF_METHODS.get(target.attr, "?")}
    if "?" in found and isinstance(node, ast.Name):
        declared = _declared(review, file, node)
        return declared or found
    return found


_OF_METHODS = {"hexdigest": "str", "digest": "bytes", "encode": "bytes"}
"""What methods give that no other common type has by these names."""


def _type(atom: object) -> str:
    if isinstance(atom, Const):
        kind = type(atom.value).__name__
        return {"NoneType": "None", "str": "str"}.get(kind, "?")
    if isinstance(atom, ExternalInstance):
        return {"builtins.str": "str", "builtins.bytes": "bytes"}.get(atom.path, "?")
    return "?"


def _declared(review: Review, file: ReviewedFile, node: ast.Name) -> set[str]:
    """Return the types that a parameter is annotated with, and never bound anew."""
    function = file.function_of(node)
    if function is None:
        return set()
    arguments = function.args
    for argument in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs):
        if argument.arg == node.id and argument.annotation is not None:
            break
    else:
        return set()
    if any(
        isinstance(other, ast.Name)
        and other.id == node.id
        and not isinstance(other.ctx, ast.Load)
        for other in own_nodes(function)
    ):
        return set()
    types = review.annotation(file, argument.annotation)
    names = {kinds.type_name(atom) for atom in kinds.plain_types(types)}
    written = file.text(argument.annotation)
    found = {
        {"str": "str", "bytes": "bytes"}.get(n.rpartition(".")[2], "?") for n in names
    }
    return found | ({"None"} if "None" in written or "Optional" in written else set())
