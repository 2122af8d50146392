"""Making a module out of its body: the imports it needs, sorted and formatted."""

from __future__ import annotations

import ast
import re
import textwrap
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from roadworthy.scaffold.errors import ScaffoldError

# Where the names come from that generated code uses. Nothing stands for a module of that
# name, `module:` for a module under another name.
HOMES = {
    "dt": "datetime:",
    "httpx": "",
    "pytest": "",
    **dict.fromkeys(
        (
            *("Boolean", "Date", "Double", "Enum", "ForeignKey", "Index", "Integer"),
            *("JSON", "Numeric", "String", "Text", "UniqueConstraint", "Uuid"),
            *("bindparam", "select"),
        ),
        "sqlalchemy",
    ),
    **dict.fromkeys(("Mapped", "mapped_column"), "sqlalchemy.orm"),
    "AsyncSession": "sqlalchemy.ext.asyncio",
    "IntegrityError": "sqlalchemy.exc",
    "Annotated": "typing",
    "Any": "typing",
    "Final": "typing",
    "Decimal": "decimal",
    "StrEnum": "enum",
    "UUID": "uuid",
    **dict.fromkeys(("AfterValidator", "Field", "JsonValue"), "pydantic"),
    "Row": "app.db.base",
    "UtcDateTime": "app.db.types",
    **dict.fromkeys(("ConflictError", "NotFoundError"), "app.core.errors"),
    **dict.fromkeys(("Slice", "cut"), "app.crud.page"),
    **dict.fromkeys(("ReadRow", "Reader"), "app.db.reader"),
    **dict.fromkeys(
        ("Flag", "Id", "Page", "PageParams", "RequestModel", "RowRead", "unset"),
        "app.schemas.base",
    ),
    **dict.fromkeys(
        (
            *("Day", "DecimalShown", "DecimalText", "JsonObject", "Key", "Moment"),
            *("Number", "QueryFlag", "QueryWhole", "Whole", "places"),
        ),
        "app.schemas.values",
    ),
}


@dataclass(frozen=True, slots=True)
class Style:
    """How a project's files are formatted, by its own configuration."""

    root: Path
    width: int = 88
    target: str = "py311"

    def format(self, text: str) -> str:
        """Return source with its imports sorted, formatted as the project has it."""
        import black
        import isort
        from black.mode import TargetVersion

        versions = {v for v in TargetVersion if v.name.lower() == self.target}
        mode = black.Mode(line_length=self.width, target_versions=versions)
        config = isort.Config(
            profile="black",
            line_length=self.width,
            known_first_party=frozenset({"app", "tests"}),
            # The folder `alembic` beside them is no package.
            known_third_party=frozenset({"alembic"}),
        )
        return black.format_str(isort.code(text, config=config), mode=mode)


def style_of(root: Path) -> Style:
    """Return the style that `[tool.black]` of the project's pyproject.toml asks for.

    Raises:
        ScaffoldError: the file cannot be read.
    """
    import sys

    if sys.version_info >= (3, 11):
        import tomllib
    else:
        import tomli as tomllib
    path = root / "pyproject.toml"
    if not path.exists():
        return Style(root)
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ScaffoldError(f"pyproject.toml cannot be read: {error}") from error
    tool = tables.get("tool")
    black = tool.get("black", {}) if isinstance(tool, dict) else {}
    width = black.get("line-length", 88)
    targets = black.get("target-version", ["py311"])
    target = targets[0] if isinstance(targets, list) and targets else "py311"
    return Style(root, width if isinstance(width, int) else 88, str(target))


def module(purpose: str, body: str, style: Style, homes: Mapping[str, str]) -> str:
    """Return a module: what it is for, the imports that its body needs, the body.

    `homes` says where names come from that are the project's own; a value of `module:x`
    stands for `from module import x as NAME`.
    """
    tree = ast.parse(body)
    # Only what is read: a field may be called as something that can be imported.
    used = {
        node.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)
    }
    defined = {
        node.name
        for node in tree.body
        if isinstance(node, (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef))
    }
    for node in tree.body:
        if isinstance(node, ast.Assign):
            defined |= {t.id for t in node.targets if isinstance(t, ast.Name)}
    known = {**HOMES, **homes}
    lines = []
    for name in sorted(used - defined):
        home = known.get(name)
        if home is None:
            continue
        place, colon, original = home.partition(":")
        if not place:
            lines.append(f"import {name}")
        elif colon and not original:
            lines.append(f"import {place} as {name}")
        elif original not in ("", name):
            lines.append(f"from {place} import {original} as {name}")
        else:
            lines.append(f"from {place} import {name}")
    head = docstring(purpose, 0, style)
    return style.format("\n".join((head, "", *lines, "", body)))


def docstring(text: str, indent: int, style: Style) -> str:
    """Return a docstring, on several lines if it is longer than a line may be."""
    room = style.width - indent
    line = f'"""{text}"""'
    if len(line) <= room:
        return " " * indent + line
    wrapped = textwrap.wrap(text, room - 10)  # two lines at least
    pad = " " * indent
    return f'{pad}"""' + f"\n{pad}".join(wrapped) + f'\n{pad}"""'


_DOC = re.compile(r'^(?P<pad> *)"""(?P<text>[^\n]*?)"""$', re.MULTILINE)


def wrap_docstrings(text: str, style: Style) -> str:
    """Return source whose docstrings of one line are wrapped where they are too long."""
    return _DOC.sub(
        lambda match: docstring(match["text"], len(match["pad"]), style), text
    )
