"""What may be moved to another thread, and what keeps its behaviour there."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator

from roadworthy.findings import Finding, Step
from roadworthy.fixes.event_loop import siblings
from roadworthy.fixes.event_loop.shared import CHANGING
from roadworthy.rules import kinds
from roadworthy.rules.files import FunctionNode, ReviewedFile, own_nodes
from roadworthy.rules.library_names import CONNECTIONS, SYNC_SESSIONS
from roadworthy.rules.review import Review
from roadworthy.values.atoms import ANY, Atom, Instance, Value

_DRIVERS = (
    "sqlalchemy.",
    "sqlmodel.",
    "sqlite3.",
    "psycopg.",
    "psycopg2.",
    "pymysql.",
    "MySQLdb.",
    "mysql.connector.",
    "peewee.",
    "pyodbc.",
    "oracledb.",
    "duckdb.",
)
"""Whose sessions and connections belong to the thread or task that uses them."""

_HASHING = (
    "bcrypt.",
    "hashlib.",
    "passlib.",
    "pwdlib.",
    "argon2.",
    "cryptography.",
    "werkzeug.security.",
    "nacl.pwhash.",
)
_OPENING = frozenset({"connect", "begin", "create_engine", "create_all", "drop_all"})
_PROCESS_WIDE = frozenset({"os.chdir", "os.fchdir", "os.umask", "os.chroot"})
_DEEPEST = 4
_UNCLEAR = re.compile(
    r"\b(threading\.local|contextvars?|ContextVar|greenlet|get_running_loop|"
    r"get_event_loop|asyncio|signal\.signal|run_coroutine_threadsafe)\b"
)


def passes_session(review: Review, finding: Finding, node: ast.expr) -> str:
    """Return why a chain must stay on one thread; empty if it need not.

    A chain whose database work goes through a session or connection that it makes
    itself may be moved as a whole; one that was handed the session may not, whatever
    else it does.
    """
    for effect in siblings.effect_of(review, finding, "database"):
        last = effect.chain[-1].callee if effect.chain else ""
        if not last.startswith(_DRIVERS):
            continue
        if last.startswith("peewee."):
            return "peewee keeps a connection for each thread"
        if _is_handed_session(review, effect, node) or not _is_own(review, effect):
            return (
                "it uses a database session or connection that was not made for a "
                "thread of its own; the database layer has to become asynchronous "
                "(`roadworthy fix --migrate-async-db`)"
            )
    return ""


def _is_handed_session(review: Review, finding: Finding, node: ast.expr) -> bool:
    """Whether what a call is given, or is called on, is or holds a session."""
    found = step_of(review, finding.chain[0])
    if found is None:
        return False
    file, _ = found
    return any(
        isinstance(part, (ast.Name, ast.Attribute))
        and kinds.any_is(review.value(file, part), is_session)
        for part in ast.walk(node)
    )


def _is_own(review: Review, finding: Finding) -> bool:
    """Whether a chain makes the session that it uses, below the loop."""
    last = finding.chain[-1].callee
    if len(finding.chain) > 1 and last.rpartition(".")[2] in _OPENING:
        # It opens the connection below the loop; unless it hands it out, it stays there.
        found = step_of(review, finding.chain[0])
        return found is not None and not kinds.any_is(review.value(*found), is_session)
    return _makes_session(review, finding.chain[1:])


def _makes_session(review: Review, steps: Iterable[Step]) -> bool:
    """Whether, below the loop, a chain makes the session that it uses."""
    for step in reversed(list(steps)):
        found = step_of(review, step)
        if found is None:
            return False
        file, node = found
        function = file.function_of(node)
        if function is None:
            return False
        roots = _session_roots(review, file, node)
        if not roots:
            return False
        parameters = {argument.arg for argument in _parameters(function)}
        if not roots & parameters:
            return all(name in file.local_names(function) for name in roots)
    return False


def _session_roots(
    review: Review, file: ReviewedFile, node: ast.expr
) -> frozenset[str]:
    """Return the names through which a call gets at a session or connection."""
    if not isinstance(node, ast.Call):
        return frozenset()
    parts: list[ast.expr] = [*node.args, *(k.value for k in node.keywords)]
    if isinstance(node.func, ast.Attribute):
        parts.append(node.func.value)
    found: set[str] = set()
    for part in parts:
        if kinds.any_is(review.value(file, part), is_session):
            root = part
            while isinstance(root, (ast.Attribute, ast.Call, ast.Subscript)):
                root = root.func if isinstance(root, ast.Call) else root.value
            found.add(root.id if isinstance(root, ast.Name) else "self")
    return frozenset(found)


def is_session(atom: Atom) -> bool:
    """Whether a value is a synchronous database session or connection, or holds one."""
    return _holds_session(atom, 0)


def _holds_session(atom: Atom, depth: int) -> bool:
    if kinds.inherits(atom, SYNC_SESSIONS | CONNECTIONS):
        return True
    if isinstance(atom, Instance) and depth < 3 and not atom.cls.is_plain:
        fields: Iterable[Value] = list(atom.fields.values())
        return any(
            part is not ANY and _holds_session(part, depth + 1)
            for value in fields
            for part in value
        )
    return False


def _parameters(function: FunctionNode) -> Iterator[ast.arg]:
    arguments = function.args
    yield from (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)
    for rest in (arguments.vararg, arguments.kwarg):
        if rest is not None:
            yield rest


def step_of(review: Review, step: Step) -> tuple[ReviewedFile, ast.expr] | None:
    """Return the expression of a link of a chain, if it stands in the project."""
    file = next((f for f in review.all_files if f.relative == step.path), None)
    if file is None or file.source is None:
        return None
    best: ast.expr | None = None
    for node in file.nodes(ast.Call, ast.Attribute, ast.Subscript, ast.Name):
        if (
            node.lineno == step.line
            and file.source.column(step.line, node.col_offset) + 1 == step.column
        ):
            text = file.text(node)
            if text == step.text or text[:79] == step.text[:79]:
                return file, node
            if isinstance(node, ast.Call) and best is None:
                best = node
    return (file, best) if best is not None else None


def keeps_behaviour(review: Review, finding: Finding) -> bool:
    """Whether what blocks does the same in another thread.

    It does where it is one call of the library for files, hashes or processes, or a
    function of the project that comes to such a call and changes nothing besides its
    own local variables.
    """
    last = finding.chain[-1].callee
    if last in _PROCESS_WIDE:
        return False
    is_file = finding.rule == "RW304"
    is_hash = finding.rule == "RW306" and last.startswith(_HASHING)
    is_process = finding.rule == "RW305" and last.startswith(("subprocess.", "os."))
    if not (is_file or is_hash or is_process):
        return False
    if len(finding.chain) == 1:
        return True
    return is_process is False and _is_pure(review, finding)


def _is_pure(review: Review, finding: Finding) -> bool:
    first = step_of(review, finding.chain[0])
    if first is None:
        return False
    file, node = first
    if not isinstance(node, ast.Call):
        return False
    return all(
        _changes_nothing(review, function, 0)
        for function in _called(review, file, node)
    ) and bool(list(_called(review, file, node)))


def _called(
    review: Review, file: ReviewedFile, call: ast.Call
) -> Iterator[tuple[ReviewedFile, FunctionNode] | None]:
    for atom in review.callees(file, call):
        function = getattr(atom, "function", None)
        node = review.node_of(function) if function is not None else None
        owner = review.file_of(function.module) if function is not None else None
        yield (owner, node) if node is not None and owner is not None else None


def _changes_nothing(
    review: Review, found: tuple[ReviewedFile, FunctionNode] | None, depth: int
) -> bool:
    """Whether a function only works on its arguments and returns something."""
    if found is None or depth > _DEEPEST:
        return False
    file, function = found
    if isinstance(function, ast.AsyncFunctionDef) or any(
        not isinstance(decorator, ast.Name)
        or decorator.id not in ("staticmethod", "classmethod")
        for decorator in function.decorator_list
    ):
        return False
    if any(a.arg in ("self", "cls") for a in _parameters(function)):
        info = review.function_info(file, function)
        if info is None or info.cls is None or not info.cls.is_plain:
            return False
    if _UNCLEAR.search("\n".join(_lines(file, function))):
        return False
    for node in own_nodes(function):
        if isinstance(node, (ast.Global, ast.Nonlocal, ast.Yield, ast.YieldFrom)):
            return False
        if isinstance(node, (ast.Attribute, ast.Subscript)) and not isinstance(
            node.ctx, ast.Load
        ):
            return False
        if isinstance(node, ast.Call):
            if _changes_others(file, function, node):
                return False
            for called in _called(review, file, node):
                if called is not None and not _changes_nothing(
                    review, called, depth + 1
                ):
                    return False
    return True


def _changes_others(file: ReviewedFile, function: FunctionNode, call: ast.Call) -> bool:
    """Whether a call changes a collection that the function did not make itself."""
    if not isinstance(call.func, ast.Attribute) or call.func.attr not in CHANGING:
        return False
    root: ast.expr = call.func.value
    while isinstance(root, (ast.Attribute, ast.Subscript)):
        root = root.value
    if not isinstance(root, ast.Name):
        return False
    parameters = {argument.arg for argument in _parameters(function)}
    return root.id in parameters or root.id not in file.local_names(function)


def _lines(file: ReviewedFile, function: FunctionNode) -> list[str]:
    return file.lines[function.lineno - 1 : function.end_lineno or function.lineno]
