"""Path operations moved from the application's module into routers of their own."""

from __future__ import annotations

import ast
import keyword
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import PurePosixPath

from roadworthy.findings import Edit, Fix, Import
from roadworthy.fixes import imports
from roadworthy.fixes.router_texts import (
    Definition,
    Plan,
    routes_on,
    taken_out,
    text_of,
)
from roadworthy.rules.files import FunctionNode, ReviewedFile

_SHARED = "shared"
_NOTE = (
    "handlers, and what only they use, move to other modules: what patches or imports "
    "them where they were, and loggers named by `__name__`, see the new place"
)


def split(
    file: ReviewedFile,
    module: str,
    application: str,
    others: Sequence[ReviewedFile],
    most: int,
) -> Fix | None:
    """Return the fix that moves the routes on an application into routers.

    `file` is the module that makes the application, `module` its dotted name,
    `application` the name of the variable there, `others` the project's files. None
    where more than `most` routes would have to stay: they use the application itself, or
    what cannot be moved.
    """
    definitions = _definitions(file)
    if definitions is None:
        return None
    handlers = [
        d
        for d in definitions
        if isinstance(d.node, (ast.FunctionDef, ast.AsyncFunctionDef))
        and routes_on(d.node, application)
    ]
    plan = _planned(file, definitions, handlers, application)
    moved = {id(d) for ds in plan.modules.values() for d in ds}
    staying = [handler for handler in handlers if id(handler) not in moved]
    if len(staying) > most or not plan.modules:
        return None
    folder = PurePosixPath(file.relative).parent / "api"
    paths = {name: (folder / f"{name}.py").as_posix() for name in sorted(plan.modules)}
    known = {other.relative for other in others}
    if known & set(paths.values()):
        return None
    package = ".".join((*module.split(".")[:-1], "api"))
    edits: list[Edit] = []
    marker = (folder / "__init__.py").as_posix()
    if marker not in known:
        edits.append(Edit(marker, 1, 1, 1, 1, ""))
    for name, path in paths.items():
        text = text_of(file, plan, name, application, package)
        edits.append(Edit(path, 1, 1, 1, 1, text))
    taken = {n for d in definitions for n in d.names} | {
        imported.bound
        for node in file.tree.body
        if isinstance(node, (ast.Import, ast.ImportFrom))
        for imported in imports.names(node)
    }
    routers = {
        name: name if name not in taken else f"{name}_routes"
        for name in paths
        if any(d.group for d in plan.modules[name])
    }
    edits += taken_out(file, plan, application, list(routers.values()))
    needed = [
        Import(
            file.relative,
            f"from {package} import {name}" + (f" as {alias}" if alias != name else ""),
        )
        for name, alias in routers.items()
    ]
    stem = module.rpartition(".")[2]
    needed += [
        Import(file.relative, f"from {package}.{where} import {name}")
        for name, where in sorted(plan.moved.items())
        if (where == _SHARED and _is_used_outside(definitions, file, moved, name))
        or _is_taken(file, others, stem, name)
    ]
    return Fix(False, tuple(edits), _NOTE, tuple(needed))


# -- what there is -----------------------------------------------------------------------


def _definitions(file: ReviewedFile) -> list[Definition] | None:
    """Return the definitions of a module; None where its names cannot be told."""
    found: list[Definition] = []
    for node in file.tree.body:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            names = frozenset({node.name})
        elif isinstance(node, ast.Assign):
            targets = [t for t in node.targets if isinstance(t, ast.Name)]
            if len(targets) != len(node.targets):
                continue
            names = frozenset(t.id for t in targets)
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            names = frozenset({node.target.id})
        elif isinstance(node, ast.ImportFrom) and node.names[0].name == "*":
            return None
        else:
            continue
        found.append(Definition(node, names, frozenset(_needed(node))))
    bound = [name for d in found for name in d.names]
    return found if len(set(bound)) == len(bound) else None


def _needed(node: ast.AST) -> Iterator[str]:
    """Yield the names that a definition reads, wherever they are bound."""
    for part in ast.walk(node):
        if isinstance(part, ast.Name):
            yield part.id
        elif isinstance(part, ast.Constant) and isinstance(part.value, str):
            if part.value.isidentifier():
                yield part.value  # perhaps an annotation in quotes


# -- what moves --------------------------------------------------------------------------


def _planned(
    file: ReviewedFile,
    definitions: Sequence[Definition],
    handlers: Sequence[Definition],
    application: str,
) -> Plan:
    by_name = {name: d for d in definitions for name in d.names}
    bound_otherwise = _bound_otherwise(file, by_name)
    fixed = {application, *bound_otherwise, *_rebound(file)}
    fixed |= {
        name for d in definitions for name in d.names if _is_bound_to_place(file, d)
    }
    users: dict[str, set[int]] = {}
    for definition in definitions:
        for name in definition.needs & set(by_name):
            users.setdefault(name, set()).add(id(definition))
    movable: list[Definition] = []
    closures: dict[int, list[Definition]] = {}
    for handler in handlers:
        assert isinstance(handler.node, (ast.FunctionDef, ast.AsyncFunctionDef))
        routes = routes_on(handler.node, application)
        group = _group(routes[0])
        inside = set(_names_inside(handler.node, routes))
        if len(routes) != 1 or not group or application in inside:
            continue
        if any(users.get(name, set()) - {id(handler)} for name in handler.names):
            continue  # something else calls it
        closure = _closure(handler, by_name, application)
        if any(name in fixed for d in closure for name in d.needs | d.names):
            continue
        if any(name in fixed for name in inside):
            continue
        handler.group = group
        movable.append(handler)
        closures[id(handler)] = closure
    plan = Plan()
    wanted: dict[int, set[str]] = {}
    for handler in movable:
        for definition in closures[id(handler)]:
            wanted.setdefault(id(definition), set()).add(handler.group)
    moving = {id(handler) for handler in movable} | set(wanted)
    for definition in definitions:
        module = definition.group
        if not module:
            groups = wanted.get(id(definition))
            if groups is None:
                continue
            outside = any(
                not users.get(name, set()) <= moving for name in definition.names
            ) or _is_read_by_statements(file, definition)
            module = _SHARED if len(groups) > 1 or outside else next(iter(groups))
        plan.modules.setdefault(module, []).append(definition)
    _lift(plan, by_name)
    return plan


def _lift(plan: Plan, by_name: dict[str, Definition]) -> None:
    """Move to the shared module what the shared module needs."""
    while True:
        shared = plan.modules.get(_SHARED, [])
        needed = {name for d in shared for name in d.needs}
        for module, definitions in plan.modules.items():
            lifted = [d for d in definitions if module != _SHARED and d.names & needed]
            if lifted:
                plan.modules[module] = [d for d in definitions if d not in lifted]
                merged = [*shared, *lifted]
                merged.sort(key=lambda d: d.node.lineno)
                plan.modules[_SHARED] = merged
                break
        else:
            return


def _closure(
    handler: Definition, by_name: dict[str, Definition], application: str
) -> list[Definition]:
    """Return the definitions that a handler needs, at any depth, itself left out."""
    found: dict[int, Definition] = {}
    waiting = [handler]
    while waiting:
        definition = waiting.pop()
        for name in definition.needs:
            needed = by_name.get(name)
            if needed is None or needed is handler or name == application:
                continue
            if id(needed) not in found:
                found[id(needed)] = needed
                waiting.append(needed)
    return list(found.values())


def _bound_otherwise(file: ReviewedFile, by_name: dict[str, Definition]) -> set[str]:
    """Return names that conditions, loops and unpacking bind at module level."""
    found: set[str] = set()
    for node in file.tree.body:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            continue
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            continue
        for part in ast.walk(node):
            if isinstance(part, ast.Name) and not isinstance(part.ctx, ast.Load):
                if part.id not in by_name or not isinstance(
                    node, (ast.Assign, ast.AnnAssign)
                ):
                    found.add(part.id)
            elif isinstance(part, (ast.Import, ast.ImportFrom)):
                found.update(name.bound for name in imports.names(part))
            elif isinstance(part, (ast.FunctionDef, ast.AsyncFunctionDef)):
                found.add(part.name)
    return found


def _rebound(file: ReviewedFile) -> set[str]:
    """Return names that functions bind anew: they must stay where those are."""
    return {name for node in file.nodes(ast.Global) for name in node.names}


def _is_bound_to_place(file: ReviewedFile, definition: Definition) -> bool:
    """Tell whether a definition must run where it stands.

    A value that is worked out at import may depend on a statement above it
    (`load_dotenv()`), or on where it is (`__file__`).
    """
    node = definition.node
    if "__file__" in definition.needs:
        return True
    if not isinstance(node, (ast.Assign, ast.AnnAssign)):
        return False
    if node.value is None or not any(
        isinstance(part, (ast.Call, ast.Await)) for part in ast.walk(node.value)
    ):
        return False
    return any(
        isinstance(other, ast.Expr)
        and isinstance(other.value, ast.Call)
        and other.lineno < node.lineno
        for other in file.tree.body
    )


def _is_read_by_statements(file: ReviewedFile, definition: Definition) -> bool:
    """Tell whether a statement of the module that defines nothing reads a name."""
    return any(
        isinstance(part, ast.Name) and part.id in definition.names
        for node in file.tree.body
        if node is not definition.node
        and not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef))
        for part in ast.walk(node)
    )


def _is_used_outside(
    definitions: Sequence[Definition], file: ReviewedFile, moved: set[int], name: str
) -> bool:
    return any(name in d.needs for d in definitions if id(d) not in moved) or any(
        _is_read_by_statements(file, d) for d in definitions if name in d.names
    )


def _is_taken(
    file: ReviewedFile, others: Iterable[ReviewedFile], stem: str, name: str
) -> bool:
    """Tell whether another file takes a name from the module: it must stay there too."""
    dotted = f"{stem}.{name}"
    for other in others:
        if other is file or not other.mentions(stem):
            continue
        if other.mentions(dotted):
            return True
        for node in other.nodes(ast.ImportFrom):
            if (node.module or "").rpartition(".")[2] == stem and any(
                alias.name in (name, "*") for alias in node.names
            ):
                return True
    return False


def _names_inside(node: FunctionNode, routes: Sequence[ast.Call]) -> Iterator[str]:
    """Yield the names that a handler reads, the routing decorator's owner left out."""
    owners = {id(r.func.value) for r in routes if isinstance(r.func, ast.Attribute)}
    for part in ast.walk(node):
        if isinstance(part, ast.Name) and id(part) not in owners:
            yield part.id


def _group(route: ast.Call) -> str:
    """Return the module of a route: its first tag, or the first segment of its path."""
    for given in route.keywords:
        if given.arg == "tags" and isinstance(given.value, ast.List):
            for tag in given.value.elts[:1]:
                if isinstance(tag, ast.Constant) and isinstance(tag.value, str):
                    return _module_name(tag.value)
    path: ast.expr | None = route.args[0] if route.args else None
    for given in route.keywords:
        if given.arg == "path":
            path = given.value
    if not isinstance(path, ast.Constant) or not isinstance(path.value, str):
        return ""
    for segment in path.value.split("/"):
        if segment and "{" not in segment and not re.fullmatch(r"api|v\d+", segment):
            return _module_name(segment)
    return "root"


def _module_name(text: str) -> str:
    name = re.sub(r"\W+", "_", text.lower(), flags=re.ASCII).strip("_")
    if not name or not name[0].isalpha() or keyword.iskeyword(name):
        return f"routes_{name}"
    return name
