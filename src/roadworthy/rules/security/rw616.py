"""RW616 debug-enabled."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from roadworthy.findings import Finding
from roadworthy.rules import kinds
from roadworthy.rules.arguments import is_of_settings, keyword_arguments
from roadworthy.rules.base import Rule
from roadworthy.rules.files import FunctionNode, ReviewedFile
from roadworthy.rules.nodes import walk
from roadworthy.rules.review import Review
from roadworthy.rules.security.words import words

RULE = Rule(
    code="RW616",
    name="debug-enabled",
    severity="error",
    summary="Debug mode or automatic reloading, switched on in the code itself.",
    why=(
        "In debug mode every failure answers with a traceback: paths, code, and local "
        "values with their secrets. Reloading runs one worker and watches the files."
    ),
    instead="Take it from the settings, off by default: `FastAPI(debug=settings.debug)`.",
    wrong="""\
from fastapi import FastAPI

app = FastAPI(debug=True)  # expect: RW616
""",
    right="""\
from fastapi import FastAPI
from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    debug: bool = False


settings = Settings()
app = FastAPI(debug=settings.debug)
""",
    references=(
        "https://fastapi.tiangolo.com/reference/fastapi/#fastapi.FastAPI",
        "https://www.uvicorn.org/settings/#development",
    ),
)

_SERVERS = frozenset({"uvicorn.run", "uvicorn.main.run", "uvicorn.Config"})

_OPTIONS = frozenset({"reload", "debug"})


def check(review: Review) -> Iterator[Finding]:
    """Flag applications in debug mode, and servers that reload, by literal."""
    for application in review.applications:
        debug = application.arguments.keywords.get("debug")
        file = review.file_of(application.place.module)
        if file is None or not kinds.is_true(debug):
            continue
        position = application.place.position
        call = next(
            (
                call
                for call in file.nodes(ast.Call)
                if call.lineno == position.line
                and call.col_offset == position.column - 1
            ),
            None,
        )
        if (
            call is not None
            and _is_literal(review, file, call, "debug")
            and not _is_chosen(file, call)
        ):
            yield review.finding(RULE, file, call, "the application runs in debug mode")
    for file in review.all_files:
        if not file.mentions("uvicorn") or review.is_test(file):
            continue
        for call in file.nodes(ast.Call):
            if not any(k.arg is None or k.arg in _OPTIONS for k in call.keywords):
                continue
            if _SERVERS.isdisjoint(review.static_names(file, call)):
                continue
            for option in sorted(_OPTIONS):
                if _is_literal(review, file, call, option) and not _by_hand(file, call):
                    message = f"the server is started with `{option}=True`"
                    yield review.finding(RULE, file, call, message)
                    break


def _is_literal(
    review: Review, file: ReviewedFile, call: ast.Call, option: str
) -> bool:
    """Whether an option is the literal True, or a constant of a module that is."""
    given = keyword_arguments(review, file, call).get(option)
    if given is None or is_of_settings(review, file, given.node):
        return False
    return kinds.constants(given.value) == [True]


def _is_chosen(file: ReviewedFile, call: ast.Call) -> bool:
    """Whether a condition decides that a call is made."""
    return any(
        isinstance(parent, (ast.If, ast.IfExp)) for parent in file.ancestors(call)
    )


def _by_hand(file: ReviewedFile, call: ast.Call) -> bool:
    """Whether a call runs only where the file is run as a script."""
    if file.relative.rpartition("/")[2] == "__main__.py" or _in_main_block(file, call):
        return True
    function = file.function_of(call)
    return function is not None and (
        _called_by_hand(file, function) or _is_developers(function)
    )


def _is_developers(function: FunctionNode) -> bool:
    """Whether a function is a command that is named for development."""
    return any(
        isinstance(decorator, ast.Call)
        and isinstance(decorator.func, ast.Attribute)
        and decorator.func.attr == "command"
        and not _DEVELOPMENT.isdisjoint(
            (
                *words(function.name),
                *(
                    word
                    for given in decorator.args
                    if isinstance(given, ast.Constant) and isinstance(given.value, str)
                    for word in words(given.value)
                ),
            )
        )
        for decorator in function.decorator_list
    )


_DEVELOPMENT = frozenset({"dev", "develop", "development", "debug", "watch"})


def _called_by_hand(file: ReviewedFile, function: FunctionNode) -> bool:
    calls = [
        call
        for call in file.nodes(ast.Call)
        if isinstance(call.func, ast.Name) and call.func.id == function.name
    ]
    return bool(calls) and all(_in_main_block(file, call) for call in calls)


def _in_main_block(file: ReviewedFile, node: ast.AST) -> bool:
    return any(
        isinstance(parent, ast.If)
        and any(
            isinstance(part, ast.Name) and part.id == "__name__"
            for part in walk(parent.test)
        )
        for parent in file.ancestors(node)
    )
