"""Small insertions into source files, which leave every other byte as it is."""

from __future__ import annotations

import ast
import bisect
import re
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from roadworthy.scaffold.errors import ScaffoldError


@dataclass(frozen=True, slots=True)
class Source:
    """A file's text, its tree, and where its lines begin.

    `width` is how long a line may be, `path` names the file in messages.
    """

    path: str
    text: str
    width: int = 88

    @property
    def tree(self) -> ast.Module:
        """The text, parsed."""
        return ast.parse(self.text)

    @property
    def newline(self) -> str:
        """The line ending that the file uses."""
        return "\r\n" if "\r\n" in self.text else "\n"

    def offset(self, line: int, column: int) -> int:
        """Return the place in the text of a position in the tree.

        Lines begin at 1; columns count bytes of UTF-8, as the tree has them.
        """
        lines = self.text.splitlines(keepends=True)
        before = sum(len(each) for each in lines[: line - 1])
        return before + len(lines[line - 1].encode()[:column].decode())

    def span(self, node: ast.stmt | ast.expr | ast.alias) -> tuple[int, int]:
        """Return where a node begins and ends."""
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        return (
            self.offset(node.lineno, node.col_offset),
            self.offset(node.end_lineno, node.end_col_offset),
        )

    def replaced(self, start: int, end: int, text: str) -> Source:
        """Return the source with the text from `start` to `end` replaced."""
        text = text.replace("\n", self.newline)
        return Source(self.path, self.text[:start] + text + self.text[end:], self.width)

    def after(self, node: ast.stmt, lines: str) -> Source:
        """Return the source with whole lines inserted after a statement's last line."""
        _, end = self.span(node)
        stop = self.text.find("\n", end)
        if stop < 0:
            return self.replaced(
                len(self.text), len(self.text), "\n" + lines.rstrip("\n")
            )
        return self.replaced(stop + 1, stop + 1, lines)

    def before(self, node: ast.stmt, lines: str) -> Source:
        """Return the source with whole lines inserted in front of a statement."""
        start = self.offset(node.lineno, 0)
        return self.replaced(start, start, lines)


def add_import(source: Source, module: str, name: str) -> Source:
    """Return the source with `from module import name`, in its sorted place.

    Without a name it is `import module`, where module may be `datetime as dt`.
    """
    imports = [
        n for n in source.tree.body if isinstance(n, (ast.Import, ast.ImportFrom))
    ]
    plain = not name
    for node in imports:
        if plain and ast.unparse(node) == f"import {module}":
            return source
        if (
            isinstance(node, ast.ImportFrom)
            and node.module == module
            and not node.level
        ):
            if any((alias.asname or alias.name) == name for alias in node.names):
                return source
            keys = [alias.name for alias in node.names]
            return _add_element(source, node, node.names, keys, name, name)
    line = f"import {module}\n" if plain else f"from {module} import {name}\n"
    section = _section(module)
    same = [node for node in imports if _section(_module(node)) == section]
    # isort puts `import x` in front of `from x import y`, each kind sorted.
    place = (not plain, module.lower())
    for node in same:
        if (isinstance(node, ast.ImportFrom), _module(node).lower()) > place:
            return source.before(node, line)
    if same:
        return source.after(same[-1], line)
    later = [
        node for node in imports if _rank(_section(_module(node))) > _rank(section)
    ]
    if later:
        return source.before(later[0], line + "\n")
    if imports:
        return source.after(imports[-1], "\n" + line)
    body = source.tree.body
    if (
        body
        and isinstance(body[0], ast.Expr)
        and isinstance(body[0].value, ast.Constant)
    ):
        following = "\n" if len(body) > 1 else ""
        return source.after(body[0], "\n" + line + following)
    return source.replaced(0, 0, line + ("\n" if source.text.strip() else ""))


def _module(node: ast.Import | ast.ImportFrom) -> str:
    return (
        (node.module or "") if isinstance(node, ast.ImportFrom) else node.names[0].name
    )


def _section(module: str) -> str:
    """Return which group of imports a module belongs to."""
    package = module.partition(" ")[0].partition(".")[0]
    if package == "__future__":
        return "future"
    if package in sys.stdlib_module_names:
        return "standard library"
    return "project" if package in ("app", "tests", "") else "others"


def _rank(section: str) -> int:
    return ("future", "standard library", "others", "project").index(section)


def add_to_all(source: Source, name: str) -> Source:
    """Return the source with a name in its `__all__`, in the sorted place.

    Raises:
        ScaffoldError: there is no `__all__` that is written out.
    """
    node, elements = _collection(source, "__all__")
    keys = [_text(element) for element in elements]
    if name in keys:
        return source
    return _add_element(source, node, elements, keys, name, f'"{name}"')


def add_to_set(source: Source, variable: str, name: str) -> Source:
    """Return the source with a text in `variable = frozenset({...})`, as its last.

    Raises:
        ScaffoldError: the variable is not assigned so.
    """
    node, elements = _collection(source, variable)
    keys = [_text(element) for element in elements]
    if name in keys:
        return source
    return _add_element(source, node, elements, [""] * len(keys), name, f'"{name}"')


def add_to_tuple(source: Source, variable: str, code: str) -> Source:
    """Return the source with an expression in `variable = (...)`, as its last.

    Raises:
        ScaffoldError: the variable is not assigned so.
    """
    node, elements = _collection(source, variable)
    if any(ast.unparse(element) == code for element in elements):
        return source
    return _add_element(source, node, elements, [""] * len(elements), code, code)


def assigns(source: Source, variable: str) -> bool:
    """Tell whether a file assigns a variable at its top level."""
    return _assignment(source, variable) is not None


def add_to_dict(source: Source, variable: str, key: str, value: str) -> Source:
    """Return the source with `key: value` as the last entry of a dictionary.

    Raises:
        ScaffoldError: the variable is not assigned a dictionary that is written out and
            holds an entry.
    """
    node = _assignment(source, variable)
    found = node.value if node is not None else None
    if node is None or not isinstance(found, ast.Dict) or not found.values:
        raise _missing(source, f"{variable} = {{...}}")
    if any(_text(each) == key for each in found.keys if each is not None):
        return source
    entry = f'"{key}": "{value}"'
    if len(entry) + 5 > source.width:
        words = '"\n        "'.join(_wrapped(value, source.width - 11))
        entry = f'"{key}": (\n        "{words}"\n    )'
    _, end = source.span(found.values[-1])
    end += _closing(source.text[end:])
    rest = source.text[end:]
    # The comma that is there, or is not, and the comment behind it.
    comma = rest.lstrip()[:1] == ","
    if not comma:
        source = source.replaced(end, end, ",")
        end += 1
    last = found.values[-1]
    stop = source.text.find("\n", end)
    if stop < 0 or found.end_lineno == last.end_lineno:
        close = source.span(found)[1] - 1 if comma else source.span(found)[1]
        return source.replaced(close, close, f"\n    {entry},\n")
    return source.replaced(stop + 1, stop + 1, f"    {entry},\n")


def _closing(text: str) -> int:
    """Return how many characters the closing parentheses take that a text begins with."""
    match = re.match(r"(?:(?:\s|#[^\n]*\n)*\))*", text)
    return match.end() if match else 0


def add_call(source: Source, method: str, argument: str) -> Source:
    """Return the source with `router.method(argument)` after the last such call.

    Raises:
        ScaffoldError: there is no such call at the top level of the file.
    """
    last: tuple[ast.stmt, str] | None = None
    for node in source.tree.body:
        match node:
            case ast.Expr(
                value=ast.Call(
                    func=ast.Attribute(value=ast.Name(id=name), attr=attr),
                    args=arguments,
                )
            ) if (
                attr == method
            ):
                if any(ast.unparse(each) == argument for each in arguments):
                    return source
                last = (node, name)
    if last is None:
        raise _missing(source, f"router.{method}(...)")
    return source.after(last[0], f"{last[1]}.{method}({argument})\n")


def append(source: Source, name: str, code: str) -> Source:
    """Return the source with a function or class at its end, if it has none so called."""
    for node in source.tree.body:
        if (
            isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef))
            and node.name == name
        ):
            return source
    kept = source.text.rstrip()
    end = len(kept)
    gap = "\n\n\n" if kept else ""
    return source.replaced(end, len(source.text), gap + code)


def require(source: Source, *names: str) -> None:
    """See to it that a file defines or imports some names at its top level.

    Raises:
        ScaffoldError: it lacks one.
    """
    found: set[str] = set()
    for node in source.tree.body:
        match node:
            case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(
                target=ast.Name(id=name)
            ):
                found.add(name)
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                found.add(name)
            case ast.ClassDef(name=name):
                found.add(name)
            case ast.ImportFrom(names=aliases) | ast.Import(names=aliases):
                found |= {alias.asname or alias.name for alias in aliases}
    for name in names:
        if name not in found:
            raise _missing(source, name)


def _missing(source: Source, what: str) -> ScaffoldError:
    return ScaffoldError(
        f"{source.path}: there is no `{what}`, which the generated code relies on; add "
        "it as the template service has it, then run the command again"
    )


def _assignment(source: Source, variable: str) -> ast.Assign | ast.AnnAssign | None:
    for node in source.tree.body:
        match node:
            case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(
                target=ast.Name(id=name)
            ) if (name == variable):
                return node
    return None


def _collection(
    source: Source, variable: str
) -> tuple[ast.Assign | ast.AnnAssign, list[ast.expr]]:
    node = _assignment(source, variable)
    value = node.value if node is not None else None
    match value:
        case ast.Call(args=[inner]):  # frozenset({...})
            value = inner
    if (
        node is None
        or not isinstance(value, (ast.List, ast.Tuple, ast.Set))
        or not value.elts
    ):
        raise _missing(source, f"{variable} = [...]")
    return node, value.elts


def _text(node: ast.expr) -> str:
    return (
        node.value
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
        else ""
    )


def _add_element(
    source: Source,
    statement: ast.stmt,
    elements: Sequence[ast.expr] | Sequence[ast.alias],
    keys: Sequence[str],
    key: str,
    code: str,
) -> Source:
    """Insert an element where it belongs, and break the line if it becomes too long."""
    order: Callable[[str], tuple[int, str]] = _order
    index = bisect.bisect([order(each) for each in keys], order(key))
    spans = [source.span(element) for element in elements]
    if index < len(spans):
        start = spans[index][0]
        line = source.text[source.text.rfind("\n", 0, start) + 1 : start]
        # One element a line: the new one gets a line as well.
        gap = f",\n{line}" if line.strip() == "" else ", "
        edited = source.replaced(start, start, code + gap)
    else:
        end = spans[-1][1]
        start = spans[-1][0]
        line = source.text[source.text.rfind("\n", 0, start) + 1 : start]
        gap = f",\n{line}" if line.strip() == "" else ", "
        edited = source.replaced(end, end, gap + code)
    return _broken(edited, statement.lineno)


def _order(name: str) -> tuple[int, str]:
    """Sort as isort and ruff do: CONSTANTS, then Classes, then the others."""
    if name.isupper() and len(name) > 1:
        return 0, name
    return (1 if name[:1].isupper() else 2), name


def _broken(source: Source, line: int) -> Source:
    """Return the source, the statement at a line laid out anew if it is too long."""
    statement = next(n for n in source.tree.body if n.lineno == line)
    start, end = source.span(statement)
    code = source.text[start:end]
    if max(map(len, code.splitlines())) <= source.width or "#" in code:
        return source
    import black

    laid_out = black.format_str(code, mode=black.Mode(line_length=source.width))
    return source.replaced(start, end, laid_out.rstrip("\n"))


def _wrapped(text: str, width: int) -> list[str]:
    import textwrap

    lines = textwrap.wrap(text, width)
    return [f"{line} " for line in lines[:-1]] + lines[-1:]
