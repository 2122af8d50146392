"""Tests that call what has become a coroutine function, as coroutines themselves."""

from __future__ import annotations

import ast
import re

from roadworthy.findings import Edit, Import
from roadworthy.fixes import places
from roadworthy.rules.files import FunctionNode, ReviewedFile
from roadworthy.rules.review import Review


def becomes_async(review: Review, file: ReviewedFile, function: FunctionNode) -> bool:
    """Whether a test is to await: the suite runs coroutines, and it is a plain test."""
    if not review.is_test(file) or not function.name.startswith("test_"):
        return False
    if not review.once(_test_marker):
        return False
    parent = file.parent(function)
    if not isinstance(parent, (ast.Module, ast.ClassDef)):
        return False
    if isinstance(parent, ast.ClassDef) and parent.bases:
        return False
    # A synchronous test client must not be used where a loop runs.
    return not any(
        isinstance(node, (ast.Name, ast.arg))
        and "client" in (node.id if isinstance(node, ast.Name) else node.arg).lower()
        for node in ast.walk(function)
    )


def _test_marker(review: Review) -> str:
    """Return how the tests mark coroutines: a decorator, `auto`, or empty."""
    root = review.root
    for name in ("pyproject.toml", "pytest.ini", "setup.cfg", "tox.ini"):
        try:
            text = (root / name).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            continue
        if re.search(r"^\s*asyncio_mode\s*=\s*[\"']?auto", text, re.MULTILINE):
            return "auto"
    for marker in ("pytest.mark.anyio", "pytest.mark.asyncio"):
        for file in review.test_files:
            if file.mentions(f"@{marker}") or file.mentions(f"pytestmark = {marker}"):
                return marker
    return ""


def made_async(
    review: Review, file: ReviewedFile, function: FunctionNode
) -> tuple[tuple[Edit, ...], tuple[Import, ...]]:
    """Return what makes a plain test a coroutine that the suite runs."""
    if isinstance(function, ast.AsyncFunctionDef):
        return (), ()
    marker = review.once(_test_marker)
    if marker == "auto" or _is_marked(file, function, marker):
        return (places.before(file, function, "async "),), ()
    indent = places.indent_of(file, function)
    put = f"@{marker}\n{indent}async "
    return (
        (places.before(file, function, put),),
        (Import(file.relative, "import pytest"),),
    )


def _is_marked(file: ReviewedFile, function: FunctionNode, marker: str) -> bool:
    if any(file.text(d).startswith(marker) for d in function.decorator_list):
        return True
    return file.mentions(f"pytestmark = {marker}")
