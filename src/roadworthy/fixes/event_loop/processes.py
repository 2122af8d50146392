"""`subprocess.run` as `asyncio.create_subprocess_exec`, where its arguments allow.

What is left to the general fix (the same call in a thread): a shell, a timeout, input,
an encoding of its own, and results that are handed on whole.
"""

from __future__ import annotations

import ast
import re

from roadworthy.findings import Edit, Fix, Import
from roadworthy.fixes import places
from roadworthy.fixes.event_loop.grounds import is_plain
from roadworthy.fixes.event_loop.threads import IMPORT
from roadworthy.rules import kinds
from roadworthy.rules.files import ReviewedFile, own_nodes
from roadworthy.rules.review import Review
from roadworthy.values.atoms import Sequence

_PASSED = frozenset({"cwd", "env", "stdout", "stderr", "stdin"})
_RESULTS = frozenset({"returncode", "stdout", "stderr"})


def rewrite(
    review: Review, file: ReviewedFile, call: ast.Call, called: str
) -> Fix | None:
    """Return the fix of a direct `subprocess` call; None where a thread serves better."""
    if called not in ("subprocess.run", "subprocess.check_call"):
        return None
    statement = file.statement_of(call)
    function = file.function_of(call)
    options = _options(call)
    if options is None or function is None:
        return None
    begin = places.before(file, statement, "")
    if file.lines[begin.line - 1][: begin.column - 1].strip():
        return None
    after = places.after(file, statement, "")
    rest = file.lines[after.line - 1][after.column - 1 :].strip()
    if rest and not rest.startswith("#"):
        return None
    if "#" in places.source_text(file, statement):
        return None
    command = call.args[0] if call.args else None
    if command is None or len(call.args) != 1:
        return None
    arguments = _arguments(review, file, command)
    if arguments is None:
        return None
    checks = called == "subprocess.check_call" or _is_true(options.get("check"))
    captures = _is_true(options.get("capture_output"))
    text = _is_true(options.get("text")) or _is_true(options.get("universal_newlines"))
    if checks and not is_plain_command(command):
        return None
    target: str | None = None
    if isinstance(statement, ast.Assign):
        if len(statement.targets) != 1 or statement.value is not call:
            return None
        name = statement.targets[0]
        if not isinstance(name, ast.Name) or called != "subprocess.run":
            return None
        target = name.id
    elif not isinstance(statement, ast.Expr) or statement.value is not call:
        return None
    names = ("process", "stdout", "stderr") if captures else ("process",)
    if set(names) & file.local_names(function) - ({target} if target else set()):
        return None
    edits: list[Edit] = []
    if target is not None:
        uses = _uses(file, function, target, statement)
        if uses is None or (not captures and any(u.attr != "returncode" for u in uses)):
            return None
        for use in uses:
            if use.attr == "returncode":
                edits.append(places.replace(file, use, "process.returncode"))
            else:
                decoded = f"{use.attr}.decode()" if text else use.attr
                edits.append(places.replace(file, use, decoded))
    elif captures and not checks:
        pass
    passed = [
        f"{k.arg}={places.source_text(file, k.value)}"
        for k in call.keywords
        if k.arg in _PASSED
    ]
    if captures:
        passed += ["stdout=asyncio.subprocess.PIPE", "stderr=asyncio.subprocess.PIPE"]
    indent = places.indent_of(file, statement)
    unit = "    "
    start = "process = await asyncio.create_subprocess_exec"
    whole = ", ".join([*arguments, *passed])
    if len(indent) + len(start) + len(whole) + 2 > 88:
        inner = "".join(f"{indent}{unit}{part},\n" for part in [*arguments, *passed])
        lines = [f"{start}(\n{inner}{indent})"]
    else:
        lines = [f"{start}({whole})"]
    lines.append(
        "stdout, stderr = await process.communicate()"
        if captures
        else "await process.wait()"
    )
    if checks:
        given = ", ".join(
            ["process.returncode", _list_text(file, command)]
            + (["stdout", "stderr"] if captures else [])
        )
        lines += [
            "if process.returncode:",
            f"{unit}raise subprocess.CalledProcessError({given})",
        ]
    edits.append(places.replace(file, statement, f"\n{indent}".join(lines)))
    note = (
        "what the process prints is decoded as UTF-8, its line ends as they are, "
        "whatever the machine's locale says"
        if text and target is not None
        else ""
    )
    return Fix(not note, tuple(edits), note, (Import(file.relative, IMPORT),))


def _options(call: ast.Call) -> dict[str, ast.expr] | None:
    found: dict[str, ast.expr] = {}
    for keyword in call.keywords:
        name = keyword.arg
        if name is None:
            return None
        if name in ("check", "capture_output", "text", "universal_newlines", "shell"):
            if not isinstance(keyword.value, ast.Constant):
                return None
        elif name not in _PASSED:
            return None
        found[name] = keyword.value
    if _is_true(found.get("shell")):
        return None
    if _is_true(found.get("capture_output")):
        return found if not {"stdout", "stderr"} & set(found) else None
    if any(
        "PIPE" in ast.dump(found[n])
        for n in ("stdout", "stderr", "stdin")
        if n in found
    ):
        return None
    return found


def _arguments(
    review: Review, file: ReviewedFile, command: ast.expr
) -> list[str] | None:
    if isinstance(command, (ast.List, ast.Tuple)):
        return [places.source_text(file, element) for element in command.elts] or None
    value = review.value(file, command)
    if isinstance(command, ast.Name) and kinds.all_are(
        value,
        lambda atom: isinstance(atom, Sequence) and atom.kind in ("list", "tuple"),
    ):
        return [f"*{command.id}"]
    return None


def is_plain_command(command: ast.expr) -> bool:
    """Whether a command may be written down twice."""
    if isinstance(command, (ast.List, ast.Tuple)):
        return all(
            is_plain(e.value if isinstance(e, ast.Starred) else e) for e in command.elts
        )
    return is_plain(command)


def _list_text(file: ReviewedFile, command: ast.expr) -> str:
    return re.sub(r"\s*\n\s*", " ", places.source_text(file, command))


def _uses(
    file: ReviewedFile, function: ast.AST, name: str, statement: ast.stmt
) -> list[ast.Attribute] | None:
    """Return the attributes that are read of a name; None if it is used otherwise."""
    found: list[ast.Attribute] = []
    for node in own_nodes(function):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            if any(isinstance(n, ast.Name) and n.id == name for n in ast.walk(node)):
                return None
        if not isinstance(node, ast.Name) or node.id != name:
            continue
        if file.statement_of(node) is statement:
            continue
        parent = file.parent(node)
        if (
            not isinstance(parent, ast.Attribute)
            or not isinstance(parent.ctx, ast.Load)
            or parent.attr not in _RESULTS
            or node.lineno < statement.lineno
        ):
            return None
        found.append(parent)
    return found


def _is_true(node: ast.expr | None) -> bool:
    return isinstance(node, ast.Constant) and bool(node.value)
