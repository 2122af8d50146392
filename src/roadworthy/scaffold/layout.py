"""What a project has already: its models, the names taken, the newest migration.

The project's files are parsed, never imported.
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from pathlib import Path

from roadworthy.scaffold.errors import ScaffoldError
from roadworthy.scaffold.naming import snake

NEEDED = (
    "app/models/__init__.py",
    "app/schemas/base.py",
    "app/crud/__init__.py",
    "app/services/__init__.py",
    "app/api/v1/__init__.py",
    "app/api/deps.py",
    "app/core/scopes.py",
    "app/db/base.py",
    "app/db/reader.py",
    "alembic/versions",
    "tests/factories.py",
    "tests/api",
)
"""What a project of this layout has."""


@dataclass(frozen=True, slots=True)
class Model:
    """A model of the project.

    `module` is its module below `app.models`, `columns` the names that its class
    assigns, `key` the primary key (empty where there is none called `id`), `path`
    its file, relative to the project.
    """

    name: str
    module: str
    table: str
    columns: frozenset[str]
    key: str
    path: str

    @property
    def singular(self) -> str:
        """The name by which a field refers to it: `blog_post`."""
        return snake(self.name)

    @property
    def owned(self) -> bool:
        """Whether its rows belong to users."""
        return "owner_id" in self.columns


@dataclass(frozen=True, slots=True)
class Revision:
    """A migration: its id, the id it follows, its file relative to the project."""

    id: str
    follows: tuple[str, ...]
    path: str


@dataclass(frozen=True, slots=True)
class Layout:
    """A project: where it is, its models, its migrations, and the names it uses.

    `reserved` maps a name that a resource cannot have to the reason, `factories` the
    functions of `tests/factories.py` to the parameters that they cannot do without.
    """

    root: Path
    models: tuple[Model, ...]
    revisions: tuple[Revision, ...]
    reserved: dict[str, str]
    factories: dict[str, tuple[str, ...]]

    def head(self, without: str | None = None) -> str | None:
        """Return the newest migration, as if the one in the file `without` were absent.

        None stands for no migration at all.

        Raises:
            ScaffoldError: there are several.
        """
        known = [revision for revision in self.revisions if revision.path != without]
        followed = {parent for revision in known for parent in revision.follows}
        heads = [revision for revision in known if revision.id not in followed]
        if len(heads) > 1:
            listed = ", ".join(f"{head.id} ({head.path})" for head in heads)
            raise ScaffoldError(
                f"the migrations end in several heads: {listed}; join them first with "
                "`alembic merge heads`"
            )
        return heads[0].id if heads else None


def read_layout(root: Path) -> Layout:
    """Return what there is in a project.

    Raises:
        ScaffoldError: it does not have the layout, or a file of it cannot be read; the
            message names the file.
    """
    if not root.is_dir():
        raise ScaffoldError(f"{root} is not a folder")
    missing = [path for path in NEEDED if not (root / path).exists()]
    if missing:
        raise ScaffoldError(
            f"{root} is not a service of this layout: there is no "
            f"{', no '.join(missing)}; `roadworthy new NAME` makes one, and --path "
            "says where yours is"
        )
    models = tuple(
        model
        for path in sorted((root / "app" / "models").glob("*.py"))
        for model in _models(path, root)
    )
    revisions = tuple(
        revision
        for path in sorted((root / "alembic" / "versions").glob("*.py"))
        if (revision := _revision(path, root)) is not None
    )
    return Layout(root, models, revisions, _reserved(root, models), _factories(root))


def _reserved(root: Path, models: tuple[Model, ...]) -> dict[str, str]:
    """Return the names that modules of the project have, those of its resources apart."""
    own = {model.module for model in models} | {model.table for model in models}
    found: dict[str, str] = {}
    for folder in (
        "app/models",
        "app/schemas",
        "app/crud",
        "app/services",
        "app/api/v1",
    ):
        for path in sorted((root / folder).glob("*.py")):
            name = path.stem
            if name != "__init__" and name not in own:
                found.setdefault(name, f"there is {folder}/{path.name} already")
    return found


def _factories(root: Path) -> dict[str, tuple[str, ...]]:
    _, tree = parse(root / "tests" / "factories.py", root)
    found = {}
    for node in tree.body:
        if isinstance(node, ast.AsyncFunctionDef):
            names = [each.arg for each in node.args.posonlyargs + node.args.args]
            names = names[: len(names) - len(node.args.defaults)]
            for each, default in zip(
                node.args.kwonlyargs, node.args.kw_defaults, strict=True
            ):
                if default is None:
                    names.append(each.arg)
            found[node.name] = tuple(names)
    return found


def parse(path: Path, root: Path) -> tuple[str, ast.Module]:
    """Return a file's text and tree.

    Raises:
        ScaffoldError: it cannot be read; the message names file and line.
    """
    shown = path.relative_to(root).as_posix()
    try:
        # Without newline translation, so that edits keep the endings there are.
        text = path.read_bytes().decode("utf-8")
        return text, ast.parse(text)
    except (OSError, UnicodeDecodeError) as error:
        raise ScaffoldError(f"{shown} cannot be read: {error}") from error
    except (SyntaxError, ValueError, RecursionError) as error:
        line = getattr(error, "lineno", None) or 1
        raise ScaffoldError(f"{shown}:{line}: this is not Python: {error}") from error


def _models(path: Path, root: Path) -> list[Model]:
    _, tree = parse(path, root)
    found = []
    for node in tree.body:
        if not isinstance(node, ast.ClassDef):
            continue
        names: set[str] = set()
        table = None
        for statement in node.body:
            match statement:
                case ast.Assign(targets=[ast.Name(id=name)], value=value):
                    if name == "__tablename__" and isinstance(value, ast.Constant):
                        table = str(value.value)
                    names.add(name)
                case ast.AnnAssign(target=ast.Name(id=name)):
                    names.add(name)
        if table is None:
            continue
        bases = {base.id for base in node.bases if isinstance(base, ast.Name)}
        key = "id" if "id" in names or "Row" in bases else ""
        shown = path.relative_to(root).as_posix()
        found.append(Model(node.name, path.stem, table, frozenset(names), key, shown))
    return found


def _revision(path: Path, root: Path) -> Revision | None:
    _, tree = parse(path, root)
    values: dict[str, object] = {}
    for node in tree.body:
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=value) | ast.AnnAssign(
                target=ast.Name(id=name), value=ast.expr() as value
            ):
                if name in ("revision", "down_revision"):
                    try:
                        values[name] = ast.literal_eval(value)
                    except ValueError:
                        shown = path.relative_to(root).as_posix()
                        raise ScaffoldError(
                            f"{shown}:{node.lineno}: `{name}` is not written out, so "
                            "that the newest migration cannot be told"
                        ) from None
    if not isinstance(values.get("revision"), str):
        return None
    follows = values.get("down_revision")
    parents = (follows,) if isinstance(follows, str) else follows or ()
    if not isinstance(parents, (tuple, list)):
        parents = ()
    return Revision(
        str(values["revision"]),
        tuple(str(parent) for parent in parents),
        path.relative_to(root).as_posix(),
    )


def next_revision(head: str | None, table: str) -> str:
    """Return the id of the migration after `head`: `0002` after `0001`.

    Ids that are no numbers are followed by one made from them and the table's name.
    """
    if head is None:
        return "0001"
    if re.fullmatch(r"\d{3,8}", head):
        return str(int(head) + 1).zfill(len(head))
    import hashlib

    return hashlib.sha256(f"{head}\n{table}".encode()).hexdigest()[:12]
