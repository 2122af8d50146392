"""RW606 permissive-cors."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from roadworthy.findings import Finding
from roadworthy.rules import kinds
from roadworthy.rules.arguments import Given, is_of_settings, keyword_arguments
from roadworthy.rules.base import Rule
from roadworthy.rules.files import ReviewedFile
from roadworthy.rules.review import Review
from roadworthy.rules.security.words import words
from roadworthy.values.atoms import Const, Sequence, Value

RULE = Rule(
    code="RW606",
    name="permissive-cors",
    severity="error",
    summary="CORS that lets pages of every origin in, with or without credentials.",
    why=(
        "With credentials, Starlette answers every origin with its own name: any page "
        "that a user has open may call this service as that user and read the answers. "
        "Without them, any page may read what the service tells the user's network."
    ),
    instead="Name the origins of your front end: `allow_origins=settings.cors_origins`.",
    wrong="""\
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

app = FastAPI()
app.add_middleware(  # expect: RW606
    CORSMiddleware, allow_origins=["*"], allow_credentials=True
)
""",
    right="""\
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

app = FastAPI()
app.add_middleware(
    CORSMiddleware,
    allow_origins=["https://shop.example.com"],
    allow_credentials=True,
)
""",
    references=(
        "https://fastapi.tiangolo.com/tutorial/cors/",
        "https://developer.mozilla.org/en-US/docs/Web/HTTP/CORS",
    ),
)

_DEVELOPING = frozenset(
    {"debug", "dev", "develop", "development", "local", "localhost", "test", "testing"}
)
_HOSTS = frozenset({".*", ".+", "(.*)", "(.+)", "(?:.*)", "(?:.+)", r"[\s\S]*"})


def check(review: Review) -> Iterator[Finding]:
    """Flag CORS middleware whose origins are certainly all origins."""
    for file in review.files:
        if not file.mentions("CORSMiddleware"):
            continue
        for call in file.nodes(ast.Call):
            if not _adds_cors(review, file, call):
                continue
            given = keyword_arguments(review, file, call)
            what = _all_origins(review, file, given)
            if what is None or _is_for_developers(file, call):
                continue
            credentials = given.get("allow_credentials")
            if credentials is not None and kinds.is_true(credentials.value):
                message = f"{what} with `allow_credentials=True`: any page acts as its visitor"
                yield review.finding(RULE, file, call, message)
            else:
                yield review.finding(
                    RULE,
                    file,
                    call,
                    f"{what}: pages of every origin may read the answers",
                    severity="warning",
                )


def _adds_cors(review: Review, file: ReviewedFile, call: ast.Call) -> bool:
    function = call.func
    last = function.attr if isinstance(function, ast.Attribute) else None
    if isinstance(function, ast.Name):
        last = function.id
    if last == "add_middleware" or (
        call.args and "Middleware" in _last_names(review, file, call)
    ):
        given = [
            *call.args[:1],
            *(k.value for k in call.keywords if k.arg == "middleware_class"),
        ]
        return any(_is_cors(review.value(file, node)) for node in given)
    return _is_cors(review.static(file, function) or ())


def _last_names(review: Review, file: ReviewedFile, call: ast.Call) -> set[str]:
    return {name.rpartition(".")[2] for name in review.static_names(file, call)}


def _is_cors(value: Value) -> bool:
    return any(
        name.endswith(".CORSMiddleware")
        for atom in kinds.known(value)
        for name in kinds.lineage(atom)
    )


def _all_origins(
    review: Review, file: ReviewedFile, given: dict[str, Given]
) -> str | None:
    origins = given.get("allow_origins")
    if origins is not None and _holds_star(review, file, origins):
        return '`allow_origins=["*"]`'
    regex = given.get("allow_origin_regex")
    if regex is not None and not is_of_settings(review, file, regex.node):
        patterns = kinds.constants(regex.value)
        if patterns and all(isinstance(p, str) and _matches_all(p) for p in patterns):
            return "`allow_origin_regex` matches every origin"
    return None


def _holds_star(review: Review, file: ReviewedFile, given: Given) -> bool:
    node = given.node
    if isinstance(node, (ast.List, ast.Tuple, ast.Set)):
        return any(
            kinds.constants(review.value(file, element)) == ["*"]
            for element in node.elts
        )
    if isinstance(node, ast.Attribute):
        if is_of_settings(review, file, node):
            return False  # what the settings hold is for each deployment to say
    elif node is not None and not isinstance(node, (ast.Name, ast.Constant)):
        return False
    return bool(given.value) and all(
        (isinstance(atom, Const) and atom.value == "*")
        or (
            isinstance(atom, Sequence)
            and any(
                len(item) == 1 and isinstance(item[0], Const) and item[0].value == "*"
                for item in atom.items or ()
            )
        )
        for atom in given.value
    )


def _is_for_developers(file: ReviewedFile, call: ast.Call) -> bool:
    """Whether a condition adds the middleware on a developer's machine only."""
    child: ast.AST = call
    for parent in file.ancestors(call):
        if isinstance(parent, ast.If) and any(
            child is statement for statement in parent.body
        ):
            said = set(words(file.text(parent.test)))
            if not _DEVELOPING.isdisjoint(said) and "not" not in said:
                return True
        child = parent
    return False


def _matches_all(pattern: str) -> bool:
    rest = pattern.removeprefix("^").removesuffix("$")
    if rest.startswith("(") and rest.endswith(")") and rest.count("(") == 1:
        rest = rest[1:-1].removeprefix("?:")
    for scheme in (
        "https?://",
        r"https?:\/\/",
        "http://",
        "https://",
        "(http|https)://",
        "(https?://)?",
    ):
        rest = rest.removeprefix(scheme)
    return rest in _HOSTS
