"""The HTTP client that an application shares: where it is made, where it is closed."""

from __future__ import annotations

import ast
import dataclasses
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from roadworthy.findings import Edit, Import
from roadworthy.fixes import places
from roadworthy.rules import kinds
from roadworthy.rules.files import FunctionNode, ReviewedFile, own_nodes
from roadworthy.rules.review import Review

CLIENT = "http_client"
TIMEOUT = 30
"""Seconds after which a request gives up that had no timeout."""

_LIFESPAN = f"""\
@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    yield
    await {CLIENT}.aclose()


"""
_STARTED_IN_TESTS = re.compile(r"\bwith\s+\(?\s*(?:TestClient|LifespanManager)\(")


@dataclass(frozen=True, slots=True)
class Client:
    """Where the shared client is made and closed, and what a file needs to use it."""

    edits: tuple[Edit, ...]
    imports: tuple[Import, ...]
    remark: str = ""


@dataclass(frozen=True, slots=True)
class _Closing:
    """Where the client is closed: edits of one file, and the imports they need."""

    file: ReviewedFile
    edits: tuple[Edit, ...]
    imports: tuple[Import, ...] = ()


def library_of(review: Review) -> str | None:
    """Return the asynchronous client that the project asks for or uses already."""
    return review.once(_find_library)


def _find_library(review: Review) -> str | None:
    for name in ("httpx2", "httpx"):
        used = re.compile(rf"^\s*(?:import|from) {name}\b", re.MULTILINE)
        for file in review.files:
            if file.source is not None and used.search(file.source.text):
                return name
    root = review.root
    texts: list[str] = []
    for pattern in ("pyproject.toml", "requirements*.txt", "setup.cfg"):
        for path in sorted(root.glob(pattern)):
            try:
                texts.append(path.read_text(encoding="utf-8", errors="replace"))
            except OSError:
                continue
    for name in ("httpx2", "httpx"):
        wanted = re.compile(
            rf"(?:^|[\"'])\s*{name}\s*(?:\[|[\"'<>=~!;,]|$)", re.MULTILINE
        )
        if any(wanted.search(text) for text in texts):
            return name
    return None


def shared_client(
    review: Review, file: ReviewedFile, library: str, users: Sequence[ReviewedFile]
) -> Client | None:
    """Return where the application's client is made: one for all files that need it.

    `users` are the files that need one now. None where its name is taken.
    """
    made = f"{CLIENT} = {library}.AsyncClient(timeout={TIMEOUT}, follow_redirects=True)"
    if made in (file.source.text if file.source is not None else ""):
        return Client((), ())
    home, module = _home(review)
    existing = next((f for f in review.all_files if f.relative == home), None)
    closing = _closing(review)
    if (
        existing is None
        and list(users) == [file]
        and (not isinstance(closing, _Closing) or closing.file is file)
    ):
        if file.mentions(CLIENT):
            return None
        return _in_file(file, library, made, closing)
    if existing is not None and not existing.mentions(CLIENT):
        return None
    if file.mentions(CLIENT) and not file.mentions(f"import {CLIENT}"):
        return None
    imports = (Import(file.relative, f"from {module} import {CLIENT}"),)
    if existing is not None:
        return Client((), imports)
    text = (
        '"""The HTTP client that the whole application shares."""\n\n'
        f"import {library}\n\n{made}\n"
    )
    creation = Edit(home, 1, 1, 1, 1, text)
    if not isinstance(closing, _Closing):
        return Client((creation,), imports, closing)
    wanted = Import(closing.file.relative, f"from {module} import {CLIENT}")
    return Client(
        (creation, *closing.edits),
        tuple(dict.fromkeys((*imports, *closing.imports, wanted))),
    )


def _in_file(
    file: ReviewedFile, library: str, made: str, closing: _Closing | str
) -> Client | None:
    last: ast.stmt | None = None
    for statement in file.tree.body:
        if isinstance(statement, (ast.Import, ast.ImportFrom)):
            last = statement
        elif last is not None or not (
            isinstance(statement, ast.Expr)
            and isinstance(statement.value, ast.Constant)
        ):
            break
    if last is None:
        return None
    line = (last.end_lineno or last.lineno) + 1
    if line > len(file.lines):
        return None
    gap = "" if file.lines[line - 1].strip() == "" else "\n"
    edit = Edit(file.relative, line, 1, line, 1, f"\n{made}\n{gap}")
    imports = (Import(file.relative, f"import {library}"),)
    if not isinstance(closing, _Closing):
        return Client((edit,), imports, closing)
    rest = list(closing.edits)
    for other in rest:
        if (other.line, other.column) == (line, 1):
            # Both come right below the imports.
            rest.remove(other)
            put = edit.replacement.rstrip("\n") + "\n\n" + other.replacement
            edit = dataclasses.replace(edit, replacement=put)
            break
    return Client((edit, *rest), (*imports, *closing.imports))


def _home(review: Review) -> tuple[str, str]:
    """Return the path and the dotted name of the client's module."""
    applications = review.applications
    module = applications[0].place.module if applications else None
    file = review.file_of(module) if module is not None else None
    if module is None or file is None:
        return f"{CLIENT}.py", CLIENT
    folder = PurePosixPath(file.relative).parent
    package = module.package
    dotted = f"{package}.{CLIENT}" if package else CLIENT
    return (folder / f"{CLIENT}.py").as_posix(), dotted


# -- closing -----------------------------------------------------------------------------


def _closing(review: Review) -> _Closing | str:
    """Return where the client is closed, or the remark that it is not."""
    for test in review.test_files:
        if test.source is not None and _STARTED_IN_TESTS.search(test.source.text):
            return (
                "; the client is not closed, since the tests start the application "
                f"again and again (`await {CLIENT}.aclose()` when it stops)"
            )
    for kind in ("lifespan", "shutdown"):
        for file, node in _hooks(review, kind):
            edit = (
                _after_yield(file, node)
                if kind == "lifespan"
                else _at_the_end(file, node)
            )
            if edit is not None:
                return _Closing(file, (edit,))
    made = _new_lifespan(review)
    if made is not None:
        return made
    return (
        "; no lifespan was found to close the client in " f"(`await {CLIENT}.aclose()`)"
    )


def _hooks(review: Review, kind: str) -> Iterator[tuple[ReviewedFile, FunctionNode]]:
    """Yield the functions that an application runs when it starts or stops."""
    for router in review.applications:
        for hook in router.hooks:
            if hook.kind != kind:
                continue
            for atom in kinds.known(hook.target):
                for inner in getattr(atom, "value", (atom,)):
                    function = getattr(inner, "function", None)
                    if function is None:
                        continue
                    node = review.node_of(function)
                    owner = review.file_of(function.module)
                    if node is not None and owner is not None:
                        yield owner, node


def _after_yield(file: ReviewedFile, node: FunctionNode) -> Edit | None:
    yields = [
        part for part in own_nodes(node) if isinstance(part, (ast.Yield, ast.YieldFrom))
    ]
    if len(yields) != 1 or not isinstance(node, ast.AsyncFunctionDef):
        return None
    statement = file.parent(yields[0])
    if not isinstance(statement, ast.Expr):
        return None
    indent = places.indent_of(file, statement)
    return places.after(file, statement, f"\n{indent}await {CLIENT}.aclose()")


def _at_the_end(file: ReviewedFile, node: FunctionNode) -> Edit | None:
    last = node.body[-1]
    if not isinstance(node, ast.AsyncFunctionDef) or isinstance(
        last, (ast.Return, ast.Raise)
    ):
        return None
    indent = places.indent_of(file, last)
    return places.after(file, last, f"\n{indent}await {CLIENT}.aclose()")


def _new_lifespan(review: Review) -> _Closing | None:
    """Return the edits that give the only application a lifespan, if it has no hooks."""
    applications = review.applications
    if len(applications) != 1 or any(
        hook.kind in ("lifespan", "startup", "shutdown")
        for hook in applications[0].hooks
    ):
        return None
    place = applications[0].place
    file = review.file_of(place.module)
    if file is None or file.mentions("lifespan") or file.mentions("on_startup"):
        return None
    call = next(
        (
            node
            for node in file.nodes(ast.Call)
            if node.lineno == place.position.line
            and isinstance(node.func, ast.Name)
            and node.func.id == "FastAPI"
            and all(keyword.arg is not None for keyword in node.keywords)
        ),
        None,
    )
    if call is None:
        return None
    top = next(
        (
            statement
            for statement in file.tree.body
            if statement.lineno <= call.lineno <= (statement.end_lineno or 0)
        ),
        None,
    )
    if top is None or isinstance(top, ast.ClassDef):
        return None
    first = min([top.lineno, *(d.lineno for d in getattr(top, "decorator_list", ()))])
    made = Edit(file.relative, first, 1, first, 1, f"\n{_LIFESPAN}")
    imports = (
        Import(file.relative, "from collections.abc import AsyncIterator"),
        Import(file.relative, "from contextlib import asynccontextmanager"),
    )
    return _Closing(
        file, (made, places.argument(file, call, "lifespan=lifespan")), imports
    )
