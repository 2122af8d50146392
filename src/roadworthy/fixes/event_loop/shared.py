"""What code reads and writes that other requests read and write as well.

That is: attributes of `self`, names of modules, and files. A file goes by the expression
of its path, followed through local names and parameters; a path that is made anew for each
call (`tempfile`, `uuid`) is shared with nobody.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from roadworthy.rules.files import FunctionNode, ReviewedFile, own_nodes
from roadworthy.rules.review import Review

CHANGING = frozenset(
    {"append", "extend", "insert", "add", "update", "setdefault", "pop", "popitem"}
    | {"remove", "discard", "clear", "set", "put", "put_nowait", "sort", "appendleft"}
)
"""Methods that change a collection."""

_COLLECTIONS = ("builtins.", "collections.", "queue.", "asyncio.")
_DEEPEST = 3
_FRESH = "<made anew>"
_MAKES_ANEW = ("tempfile.", "uuid.", "secrets.token")
_SAME_PATH = frozenset(
    {"pathlib.Path", "pathlib.PurePath", "builtins.str", "os.fspath", "os.fsdecode"}
    | {"os.path.abspath", "os.path.realpath", "os.path.normpath"}
    | {"pathlib.Path.resolve", "pathlib.Path.absolute", "pathlib.Path.expanduser"}
)
_FILES = ("builtins.open", "io.open", "codecs.open", "os.", "shutil.", "pathlib.Path.")
_READS = frozenset(
    {"read_text", "read_bytes", "exists", "lexists", "is_file", "isfile", "is_dir"}
    | {"isdir", "stat", "lstat", "getsize", "getmtime", "listdir", "iterdir", "glob"}
    | {"rglob", "walk", "scandir", "access", "is_symlink", "islink", "readlink"}
)
_WRITES = frozenset(
    {"write_text", "write_bytes", "mkdir", "makedirs", "remove", "unlink", "rmdir"}
    | {"rmtree", "removedirs", "touch", "truncate", "chmod", "utime"}
)
_MOVES = frozenset({"rename", "replace", "renames", "move"})
_COPIES = frozenset({"copy", "copy2", "copyfile", "copytree", "symlink", "link"})
_OPENS = frozenset({"open", "builtins.open", "io.open", "codecs.open"})
_MARK = "\0"
_PARAMETER = re.compile(f"{_MARK}(\\w+){_MARK}")
_STATE = re.compile(r"(?:self@\w*|[\w.]*:\w+)(?:\.\w+)*")

Position = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Access:
    """One reading or writing of something that is shared."""

    key: str
    label: str
    is_write: bool
    is_file: bool
    node: ast.AST
    """Where it is done, in the function that was asked about."""
    place: Position
    """When it is done, as a place in the source of that function."""

    @property
    def group(self) -> str:
        """What all have in common that are one thing, or a part of it."""
        if self.is_file:
            return self.key
        return ".".join(self.key.split(".", 2)[: 2 if self.key[:5] == "self@" else 1])

    def is_torn_from(self, later: Access) -> bool:
        """Whether it matters that others come between this access and a later one.

        It does where one of them looks at what the other changes. A file that is written
        and read back is taken for the request's own.
        """
        other = later
        if self.is_file != other.is_file or self.is_write == other.is_write:
            return False
        if self.is_file and self.is_write:
            return False
        if self.key == other.key:
            return True
        # Who sets `self.a` anew changes `self.a.b`.
        return not self.is_file and (
            (self.is_write and other.key.startswith(f"{self.key}."))
            or (other.is_write and self.key.startswith(f"{other.key}."))
        )


@dataclass(slots=True)
class _Scope:
    """A function that is read, its parameters standing for themselves."""

    file: ReviewedFile
    function: FunctionNode
    parameters: frozenset[str]
    bound: dict[str, list[ast.expr | None]] | None = None


@dataclass(frozen=True, slots=True)
class _Use:
    """A reading or writing in words of the parameters of the function it is in."""

    text: str
    """What is used; a parameter stands between two `_MARK`s."""
    label: str
    """What a file is called; empty for state, whose name is in the text."""
    is_write: bool
    is_file: bool
    node: ast.AST
    place: Position


def accesses(
    review: Review, file: ReviewedFile, function: FunctionNode
) -> Sequence[Access]:
    """Return what a function and those that it calls read and write, in their order.

    What it awaits is left out: other requests run meanwhile in any case.
    """
    return review.once(_Uses).accesses(file, function)


class _Uses:
    """What each function uses, found once and filled in for each call of it."""

    def __init__(self, review: Review) -> None:
        self._review = review
        self._uses: dict[tuple[FunctionNode, int], list[_Use]] = {}
        self._accesses: dict[FunctionNode, list[Access]] = {}

    def accesses(self, file: ReviewedFile, function: FunctionNode) -> list[Access]:
        if function not in self._accesses:
            found = (
                _access(use, _filled(use.text, {}, function))
                for use in self._of(file, function, _DEEPEST)
            )
            self._accesses[function] = [a for a in found if a is not None]
        return self._accesses[function]

    def _of(self, file: ReviewedFile, function: FunctionNode, deep: int) -> list[_Use]:
        """Return what a function uses, and what it calls down to a depth."""
        key = function, deep
        if key not in self._uses:
            scope = _Scope(file, function, _parameters(function))
            found = self._find(scope, deep)
            self._uses[key] = sorted(found, key=lambda use: use.place)
        return self._uses[key]

    def _find(self, scope: _Scope, deep: int) -> Iterator[_Use]:
        review, file = self._review, scope.file
        for node in own_nodes(scope.function):
            if isinstance(node, ast.Call):
                if isinstance(file.parent(node), ast.Await):
                    continue
                yield from _of_files(review, scope, node)
                if deep:
                    yield from self._of_called(scope, node, deep - 1)
            elif isinstance(node, (ast.Attribute, ast.Name, ast.Subscript)):
                yield from _of_state(review, scope, node)

    def _of_called(self, scope: _Scope, call: ast.Call, deep: int) -> Iterator[_Use]:
        """Yield what the project's functions use that a call comes to."""
        review = self._review
        for atom in review.callees(scope.file, call):
            function = getattr(atom, "function", None)
            node = review.node_of(function) if function is not None else None
            owner = review.file_of(function.module) if function is not None else None
            if not isinstance(node, ast.FunctionDef) or owner is None:
                continue
            used = self._of(owner, node, deep)
            if not used:
                continue
            given, place = _given(review, scope, call, node), _end(call)
            filled = [(use, _filled(use.text, given, node)) for use in used]
            for use, text in _first_and_last(filled):
                if use.is_file or _may_be_state(text):
                    yield _Use(text, use.label, use.is_write, use.is_file, call, place)


def _first_and_last(used: list[tuple[_Use, str]]) -> Iterator[tuple[_Use, str]]:
    """Yield of equal uses, which all happen within one call, the first and the last."""
    first: dict[tuple[str, bool, bool], int] = {}
    last: dict[tuple[str, bool, bool], int] = {}
    for at, (use, text) in enumerate(used):
        key = text, use.is_write, use.is_file
        first.setdefault(key, at)
        last[key] = at
    for at in sorted({*first.values(), *last.values()}):
        yield used[at]


def _parameters(function: FunctionNode) -> frozenset[str]:
    arguments = function.args
    every = (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)
    return frozenset(argument.arg for argument in every)


def _filled(text: str, given: Mapping[str, str], function: FunctionNode) -> str:
    """Return a text with what a call gives in place of the function's parameters."""

    def of(found: re.Match[str]) -> str:
        name = found[1]
        if name in given:
            return given[name]
        return "self@" if name in ("self", "cls") else f"{function.name}({name})"

    return _PARAMETER.sub(of, text) if _MARK in text else text


def _access(use: _Use, text: str) -> Access | None:
    """Return a use as an access; None where what is used is shared with nobody."""
    label = use.label
    if use.is_file:
        if _FRESH in text:
            return None
    else:
        text = text.partition("[")[0]
        if not _STATE.fullmatch(text) or (text[:5] == "self@" and "." not in text):
            return None
        label = f"self{text[text.index('.'):]}" if text[:5] == "self@" else text
        label = label.rpartition(":")[2]
    return Access(text, label, use.is_write, use.is_file, use.node, use.place)


def _may_be_state(text: str) -> bool:
    """Whether a text is of state that is shared, or may be in some call."""
    return text[:1] == _MARK or _STATE.fullmatch(text.partition("[")[0]) is not None


def _given(
    review: Review, scope: _Scope, call: ast.Call, function: ast.FunctionDef
) -> dict[str, str]:
    """Return what the parameters of a function stand for in a call."""
    names = [a.arg for a in (*function.args.posonlyargs, *function.args.args)]
    given: dict[str, str] = {}
    if names and names[0] in ("self", "cls"):
        first = names.pop(0)
        if isinstance(call.func, ast.Attribute):
            given[first] = _text(review, scope, call.func.value, 0)
    for name, argument in zip(names, call.args, strict=False):
        if isinstance(argument, ast.Starred):
            break
        given[name] = _text(review, scope, argument, 0)
    for keyword in call.keywords:
        if keyword.arg is not None:
            given[keyword.arg] = _text(review, scope, keyword.value, 0)
    return given


# -- state in memory ---------------------------------------------------------------------


def _of_state(
    review: Review, scope: _Scope, node: ast.Attribute | ast.Name | ast.Subscript
) -> Iterator[_Use]:
    file, parent = scope.file, scope.file.parent(node)
    if isinstance(node.ctx, ast.Load):
        if isinstance(node, ast.Subscript) or isinstance(parent, ast.Attribute):
            return  # What stands around or within it is looked at.
        changes = _changing_call(review, file, node)
        if changes is not None and isinstance(node, ast.Attribute):
            # `items.append(x)` reads nothing that it tells; `items.pop()` does.
            yield from _state(review, scope, node.value, changes, is_write=True)
            if not isinstance(file.parent(changes), ast.Expr):
                yield from _state(review, scope, node.value, changes, is_write=False)
            return
        if isinstance(parent, ast.Subscript) and not isinstance(parent.ctx, ast.Load):
            return
        yield from _state(review, scope, node, node, is_write=False)
        return
    target = node.value if isinstance(node, ast.Subscript) else node
    if isinstance(target, ast.Name) and target is node:
        if target.id in file.local_names(scope.function):
            return
    statement = file.statement_of(node)
    yield from _state(review, scope, target, statement, is_write=True)
    if isinstance(statement, ast.AugAssign) and any(
        isinstance(part, ast.Call) for part in ast.walk(statement.value)
    ):
        # What it adds to is read first.
        yield from _state(review, scope, target, node, is_write=False)


def _state(
    review: Review, scope: _Scope, node: ast.expr, done: ast.AST, *, is_write: bool
) -> Iterator[_Use]:
    text = _text(review, scope, node, 0)
    if _may_be_state(text):
        line, column = _end(done)
        if isinstance(done, ast.stmt):
            column += 1  # A target is set when the value has been worked out.
        yield _Use(text, "", is_write, False, done, (line, column))


def _changing_call(
    review: Review, file: ReviewedFile, node: ast.expr
) -> ast.Call | None:
    """Return the call of a method that changes the collection it is called on."""
    call = file.parent(node)
    if (
        isinstance(node, ast.Attribute)
        and isinstance(call, ast.Call)
        and call.func is node
        and node.attr in CHANGING
    ):
        names = review.names(file, call)
        if names and not any(n.startswith(_COLLECTIONS) for n in names):
            return None
        return call
    return None


# -- files -------------------------------------------------------------------------------


def _of_files(review: Review, scope: _Scope, call: ast.Call) -> Iterator[_Use]:
    for name in review.names(scope.file, call):
        if not name.startswith(_FILES):
            continue
        last = name.rpartition(".")[2]
        owner = call.func.value if isinstance(call.func, ast.Attribute) else None
        given = [a for a in call.args if not isinstance(a, ast.Starred)]
        paths = [owner, *given] if name.startswith("pathlib.") else [*given]
        if not paths or paths[0] is None:
            return
        first, second = paths[0], paths[1] if len(paths) > 1 else None
        if last in _OPENS or name in _OPENS:
            mode = _mode(call, second)
            if mode is None or not set("wax+").isdisjoint(mode):
                yield from _file(review, scope, call, first, is_write=True)
            if mode is None or "r" in mode or "+" in mode:
                yield from _file(review, scope, call, first, is_write=False)
        elif last in _READS:
            yield from _file(review, scope, call, first, is_write=False)
        elif last in _WRITES:
            if not _is_repeatable(call):
                yield from _file(review, scope, call, first, is_write=True)
        elif last in _MOVES or last in _COPIES:
            yield from _file(review, scope, call, first, is_write=last in _MOVES)
            if second is not None:
                yield from _file(review, scope, call, second, is_write=True)
        return


def _file(
    review: Review, scope: _Scope, call: ast.Call, path: ast.expr, *, is_write: bool
) -> Iterator[_Use]:
    text, label = _text(review, scope, path, 0), scope.file.text(path)
    yield _Use(text, label, is_write, True, call, _end(call))


def _mode(call: ast.Call, second: ast.expr | None) -> str | None:
    for keyword in call.keywords:
        if keyword.arg == "mode":
            second = keyword.value
    if second is None:
        return "r"
    if isinstance(second, ast.Constant) and isinstance(second.value, str):
        return second.value
    return None


def _is_repeatable(call: ast.Call) -> bool:
    """Whether it does no harm that another has done the same before."""
    return any(
        keyword.arg in ("exist_ok", "missing_ok", "ignore_errors")
        and isinstance(keyword.value, ast.Constant)
        and keyword.value.value is True
        for keyword in call.keywords
    )


# -- what an expression stands for -------------------------------------------------------


def _text(review: Review, scope: _Scope, node: ast.expr, depth: int) -> str:
    """Return a text that is the same for expressions of the same thing."""
    file = scope.file
    if isinstance(node, ast.Name):
        return _name(review, scope, node, depth)
    if isinstance(node, ast.Attribute):
        return f"{_text(review, scope, node.value, depth)}.{node.attr}"
    if isinstance(node, ast.Subscript):
        key = _text(review, scope, node.slice, depth)
        return f"{_text(review, scope, node.value, depth)}[{key}]"
    if isinstance(node, ast.Constant):
        return repr(node.value)
    if isinstance(node, ast.Call):
        names = review.names(file, node)
        if any(name.startswith(_MAKES_ANEW) for name in names):
            return _FRESH
        if names and names <= _SAME_PATH:
            if node.args:
                return _text(review, scope, node.args[0], depth)
            if isinstance(node.func, ast.Attribute):
                return _text(review, scope, node.func.value, depth)
    parts = [
        _text(review, scope, part, depth)
        for part in ast.iter_child_nodes(node)
        if isinstance(part, ast.expr)
    ]
    return f"{type(node).__name__}({', '.join(parts)})"


def _name(review: Review, scope: _Scope, node: ast.Name, depth: int) -> str:
    name, file = node.id, scope.file
    if name in scope.parameters:
        return f"{_MARK}{name}{_MARK}"
    if name in ("self", "cls"):
        return "self@"
    if name in file.local_names(scope.function):
        values = _bound(scope).get(name, [])
        if len(values) == 1 and values[0] is not None and depth < _DEEPEST:
            return _text(review, scope, values[0], depth + 1)
        return f"{scope.function.name}({name})"
    for around in file.ancestors(scope.function):
        if isinstance(around, (ast.FunctionDef, ast.AsyncFunctionDef)):
            if name in file.local_names(around):
                return f"{around.name}({name})"
    return _of_module(file, name)


def _of_module(file: ReviewedFile, name: str) -> str:
    """Return what a name of a module is called wherever it is imported."""
    module, imported = file.once(_imported).get(name, (None, name))
    if module is None and file.module is not None:
        module = file.module.name.rpartition(".")[2]
    return f"{module or ''}:{imported}"


def _imported(file: ReviewedFile) -> dict[str, tuple[str, str]]:
    """Return the last part of the module and the name there of each name imported."""
    found: dict[str, tuple[str, str]] = {}
    for statement in file.nodes(ast.ImportFrom):
        module = (statement.module or "").rpartition(".")[2]
        for alias in statement.names:
            found.setdefault(alias.asname or alias.name, (module, alias.name))
    return found


def _bound(scope: _Scope) -> dict[str, list[ast.expr | None]]:
    """Return what the names of a function are bound to; None for what has no text."""
    if scope.bound is None:
        scope.bound = {}
        for argument in ast.walk(scope.function.args):
            if isinstance(argument, ast.arg):
                scope.bound.setdefault(argument.arg, []).append(None)
        for node in own_nodes(scope.function):
            if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
                value = _value_bound(scope.file, node)
                scope.bound.setdefault(node.id, []).append(value)
    return scope.bound


def _value_bound(file: ReviewedFile, name: ast.Name) -> ast.expr | None:
    parent = file.parent(name)
    if isinstance(parent, ast.Assign) and len(parent.targets) == 1:
        return parent.value
    if isinstance(parent, (ast.AnnAssign, ast.NamedExpr)):
        return parent.value
    if isinstance(parent, ast.withitem) and parent.optional_vars is name:
        return parent.context_expr
    return None


def _end(node: ast.AST) -> Position:
    return getattr(node, "end_lineno", 0) or 0, getattr(node, "end_col_offset", 0) or 0
