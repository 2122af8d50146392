"""RW618 timing-unsafe-compare."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from roadworthy.findings import Finding, Fix
from roadworthy.rules import kinds
from roadworthy.rules.arguments import is_environment
from roadworthy.rules.base import Rule
from roadworthy.rules.files import FunctionNode, ReviewedFile, own_nodes
from roadworthy.rules.nodes import walk
from roadworthy.rules.review import Review
from roadworthy.rules.security.bindings import reaching
from roadworthy.rules.security.constant_time import in_constant_time
from roadworthy.rules.security.questions import Origin, Question
from roadworthy.rules.security.tracing import tracer
from roadworthy.rules.security.words import is_credential, is_secret, words
from roadworthy.rules.trees import last_name, results
from roadworthy.values.atoms import Function

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
_HASHES = frozenset({"sha1", "sha224", "sha256", "sha384", "sha512", "md5"})
_DIGESTS = frozenset({"hexdigest", "digest"})
_ENCODINGS = frozenset(
    {"b64encode", "urlsafe_b64encode", "standard_b64encode", "hexlify", "str"}
)
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
    for part in walk(function):
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


def _is_made_by(review: Review, file: ReviewedFile, call: ast.Call, depth: int) -> bool:
    """Whether a function of the project, called here, returns a secret."""
    callees = [a for a in review.callees(file, call) if isinstance(a, Function)]
    for atom in callees:
        node = review.node_of(atom.function)
        other = review.file_of(atom.function.module)
        if node is None or other is None:
            return False
        if not any(
            _is_secret(review, other, node, returned, depth + 1)
            for returned in results(node)
        ):
            return False
    return bool(callees)


def _is_secret(
    review: Review,
    file: ReviewedFile,
    function: FunctionNode,
    node: ast.expr,
    depth: int = 0,
) -> bool:
    """Whether an expression is a secret of the server: configured, or a digest."""
    node = _plain(node)
    if isinstance(node, ast.Call):
        target = node.func
        if "hmac.digest" in review.static_names(file, node):
            return True
        if isinstance(target, ast.Attribute):
            if target.attr in _DIGESTS:
                return _is_keyed(review, file, function, target.value)
            if target.attr == "get_secret_value":
                return True
        if depth < 2 and _is_made_by(review, file, node, depth):
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
            and any(
                _is_secret(review, file, function, source, depth) for source in sources
            )
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
    if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Slice):
        return _plain(node.value)
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
        and node.func.attr in ("encode", "decode", "strip", "lower", "hex")
    ):
        return _plain(node.func.value)
    if isinstance(node, ast.Call) and node.args and last_name(node.func) in _ENCODINGS:
        return _plain(node.args[0])
    return node


def _is_keyed(
    review: Review, file: ReviewedFile, function: FunctionNode, node: ast.expr
) -> bool:
    """Whether a digest is made with a key: `hmac.new`, or a hash of a secret too."""
    if isinstance(node, ast.Call):
        if last_name(node.func) in _HASHES:
            return any(
                is_secret(last_name(part))
                for given in node.args
                for part in walk(given)
                if isinstance(part, (ast.Name, ast.Attribute))
            )
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
    for part in walk(node):
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
    for part in walk(node):
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
    return in_constant_time(review, finding)
