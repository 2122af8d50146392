"""The copy of a tree that tools work on, and the edit that is made in it."""

from __future__ import annotations

import ast
import shutil
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from blockbench.sites import Site, python_files

_LEFT_OUT = shutil.ignore_patterns(
    *(".git", ".hg", ".venv", "node_modules", "__pycache__", ".*_cache")
)


def copy_tree(source: Path, target: Path) -> None:
    """Copy a tree without its history, environment, caches and Node modules.

    Links stay links, so that nothing outside the tree is read into it.
    """
    shutil.copytree(source, target, symlinks=True, ignore=_LEFT_OUT)


def choose_file(root: Path, sites: Iterable[Site]) -> str | None:
    """Return the file to edit: the one with most sites, else the largest that is no test.

    So it is a file that matters to the answer. None for a tree without Python files.
    """
    files = [path for path in python_files(root) if not (root / path).is_symlink()]
    if not files:
        return None
    counts = Counter(site.path for site in sites)

    def weight(path: str) -> tuple[int, bool, int]:
        is_test = any(part.startswith("test") for part in path.split("/"))
        return counts[path], not is_test, (root / path).stat().st_size

    return max(files, key=weight)


def edited(source: str, number: int) -> str:
    """Return a module with one statement more in the body of its last function.

    The statement does nothing, and each number makes another text. Where there is no
    function, or the running interpreter cannot read the module, a comment is appended.
    """
    comment = source.rstrip("\n") + f"\n\n# edit {number}\n"
    try:
        module = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError):
        return comment
    functions = [
        node
        for node in ast.walk(module)
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
        and node.body[0].lineno > node.lineno
    ]
    if not functions:
        return comment
    body = max(functions, key=lambda node: node.lineno).body
    lines = source.splitlines(keepends=True)
    end = body[-1].end_lineno or body[-1].lineno
    indent = lines[body[0].lineno - 1][: body[0].col_offset]
    if indent.strip() or not lines[end - 1].endswith("\n"):
        return comment
    lines.insert(end, f"{indent}_edit = {number}\n")
    changed = "".join(lines)
    try:
        ast.parse(changed)
    except SyntaxError:
        return comment
    return changed


def replace(file: Path, data: bytes) -> None:
    """Put other contents in the place of a file, as editors do."""
    temporary = file.with_name(file.name + ".new")
    temporary.write_bytes(data)
    temporary.replace(file)
