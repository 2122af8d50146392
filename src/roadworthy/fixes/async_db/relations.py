"""Relationships and generated columns, which an asynchronous session cannot load late."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from roadworthy.fixes.async_db.attributes import is_dynamic
from roadworthy.fixes.async_db.entries import Entries
from roadworthy.fixes.async_db.late import Late
from roadworthy.fixes.async_db.layout import add_argument
from roadworthy.fixes.async_db.operations import Obstacle, last
from roadworthy.fixes.async_db.patch import Patch
from roadworthy.fixes.async_db.values import Values
from roadworthy.rules import kinds
from roadworthy.rules.files import ReviewedFile, own_nodes
from roadworthy.values.atoms import ClassAtom
from roadworthy.values.program import ClassInfo

_RELATIONSHIPS = frozenset({"relationship", "relation", "Relationship"})
_LATE = frozenset({"select", True})
_LEVELS = 8
"""How deep a relationship is loaded that is read in a recursion."""
_MOST_READ = 3
"""How many relationships a function is taken to read one after the other, at most."""
_COLUMNS = frozenset({"Column", "mapped_column", "Field", "column"})


class Relations:
    """What is read late today, and is loaded early or reported after the migration."""

    def __init__(
        self,
        values: Values,
        patches: dict[ReviewedFile, Patch],
        late: Late,
        *,
        returning: bool,
    ) -> None:
        self.values = values
        self.review = values.review
        self.patches = patches
        self.late = late
        self.returning = returning
        """Whether the database returns generated values with an INSERT."""
        self.obstacles: list[Obstacle] = []
        self.eager: dict[str, set[str]] = {}
        """By class, the classes that its eager relationships lead to."""
        self.deepest = 0

    def leads_on(self, classes: set[str]) -> bool:
        """Whether what relationships of the classes lead to is read further from there.

        A refresh loads an object's own relationships anew, not those of the objects
        that they lead to and that the session holds already.
        """
        return self.deepest > 1 and self.has_relationships(classes)

    def has_relationships(self, classes: set[str]) -> bool:
        """Whether classes have relationships that the code reads."""
        return not classes.isdisjoint(self.eager)

    def write(self) -> None:
        """Make the relationships that the code reads eager."""
        found = [
            (file, cls, name, call)
            for file in self.patches
            for cls in file.nodes(ast.ClassDef)
            for name, call in self._relationships(file, cls)
        ]
        if found:
            names = {name for _, _, name, _ in found}
            names |= {n for _, _, _, call in found for n in _back(call)}
            read = self._read(names)
            depths = Depths(self.values, self.patches, read)
            edges = self.eager
            self.deepest = depths.deepest
            targets: dict[ast.Call, set[str]] = {}
            classes = {cls.name for _, cls, _, _ in found}
            for file in self.patches:
                classes |= {c.name for c in file.nodes(ast.ClassDef)}
            for file, cls, name, call in found:
                told = targets[call] = self._targets(file, call) & classes
                if name in read and not self._stays_late(file, cls, name):
                    edges.setdefault(cls.name, set()).update(told)
                if read & set(_back(call)):
                    for target in told:
                        edges.setdefault(target, set()).add(cls.name)
            for file, cls, name, call in found:
                if is_dynamic(call):
                    continue
                if self._stays_late(file, cls, name):
                    continue
                depth = ""
                if any(_reaches(edges, target, cls.name) for target in targets[call]):
                    depth = depths.of(name, *_back(call))
                self._eager(file, cls, name, call, read, depth)
        self._dynamics()
        self._generated()

    def _stays_late(self, file: ReviewedFile, cls: ast.ClassDef, name: str) -> bool:
        return name in self.late.names and self.late.owns(file, cls)

    def _targets(self, file: ReviewedFile, call: ast.Call) -> set[str]:
        """Return the names that a relationship's target may be called by."""
        texts: list[str] = []
        if call.args:
            texts.append(file.text(call.args[0]))
        statement = file.statement_of(call)
        if isinstance(statement, ast.AnnAssign):
            texts.append(file.text(statement.annotation))
        return {word for text in texts for word in re.findall(r"\w+", text)}

    def _relationships(
        self, file: ReviewedFile, cls: ast.ClassDef
    ) -> Iterator[tuple[str, ast.Call]]:
        for statement in cls.body:
            value = getattr(statement, "value", None)
            if (
                not isinstance(value, ast.Call)
                or last(value.func) not in _RELATIONSHIPS
            ):
                continue
            target = (
                statement.targets[0]
                if isinstance(statement, ast.Assign)
                else getattr(statement, "target", None)
            )
            if isinstance(target, ast.Name):
                yield target.id, value

    # -- reads -----------------------------------------------------------------------

    def _read(self, names: set[str]) -> set[str]:
        """Return the names of relationships that something reads from an object."""
        found: set[str] = set()
        for file in self.patches:
            if not file.mentions(*names):
                continue
            for node in file.nodes(ast.Attribute):
                if node.attr in names and node.attr not in found:
                    if self._is_read(file, node):
                        found.add(node.attr)
            for cls in file.nodes(ast.ClassDef):
                found |= self._fields(file, cls) & names
            for call in file.nodes(ast.Call):
                if last(call.func) in ("association_proxy", "attrgetter", "getattr"):
                    for argument in call.args:
                        if isinstance(argument, ast.Constant):
                            found |= {str(argument.value)} & names
        if any(
            file.mentions("Jinja2Templates", "FileSystemLoader")
            for file in self.patches
        ):
            # Templates may read whatever they are given.
            return set(names)
        return found

    def _is_read(self, file: ReviewedFile, node: ast.Attribute) -> bool:
        parent = file.parent(node)
        if isinstance(parent, ast.Call) and parent.func is node:
            return False
        owners = kinds.known(self.review.value(file, node.value))
        if not owners:
            # A class spelled as one: `User.items` in a query.
            return not last(node.value)[:1].isupper()
        if all(isinstance(atom, ClassAtom) for atom in owners):
            return False
        return any(kinds.is_table_model(atom) for atom in owners)

    def _fields(self, file: ReviewedFile, cls: ast.ClassDef) -> set[str]:
        """Return the fields of a schema; those of tables are columns, not reads."""
        info = self.review.class_info(file, cls)
        if info is None:
            return set()
        atom = ClassAtom(info, ())
        if not kinds.is_model(atom) or kinds.is_table_model(atom):
            return set()
        return {
            statement.target.id
            for statement in cls.body
            if isinstance(statement, ast.AnnAssign)
            and isinstance(statement.target, ast.Name)
        }

    # -- edits -----------------------------------------------------------------------

    def _eager(
        self,
        file: ReviewedFile,
        cls: ast.ClassDef,
        name: str,
        call: ast.Call,
        read: set[str],
        depth: str,
    ) -> None:
        patch = self.patches[file]
        is_sqlmodel = last(call.func) == "Relationship"
        if name in read:
            if is_sqlmodel:
                self._in_dictionary(file, patch, call, depth)
            else:
                self._as_keyword(file, patch, call, depth)
            if depth == str(_LEVELS):
                self.obstacles.append(
                    Obstacle(
                        file,
                        call,
                        f"`{name}` is read in a recursion: it is loaded {_LEVELS} levels "
                        "deep, and reading further down raises `MissingGreenlet`",
                    )
                )
        for keyword in call.keywords:
            if keyword.arg != "backref":
                continue
            value = keyword.value
            if isinstance(value, ast.Constant) and value.value in read:
                extra = f", join_depth={depth}" if depth else ""
                shown = patch.original(value)
                patch.replace(value, f'backref({shown}, lazy="selectin"{extra})')
                patch.need("from sqlalchemy.orm import backref")
            elif (
                isinstance(value, ast.Call)
                and value.args
                and isinstance(value.args[0], ast.Constant)
                and value.args[0].value in read
            ):
                self._as_keyword(file, patch, value, depth)

    def _as_keyword(
        self, file: ReviewedFile, patch: Patch, call: ast.Call, depth: str
    ) -> None:
        for keyword in call.keywords:
            if keyword.arg is None:
                return
            if keyword.arg == "lazy":
                value = keyword.value
                if isinstance(value, ast.Constant) and value.value in _LATE:
                    patch.replace(value, '"selectin"')
                return
        extra = f", join_depth={depth}" if depth else ""
        add_argument(patch, call, f'lazy="selectin"{extra}')

    def _in_dictionary(
        self, file: ReviewedFile, patch: Patch, call: ast.Call, depth: str
    ) -> None:
        extra = f', "join_depth": {depth}' if depth else ""
        for keyword in call.keywords:
            if keyword.arg == "sa_relationship" or keyword.arg is None:
                if isinstance(keyword.value, ast.Call):
                    self._as_keyword(file, patch, keyword.value, depth)
                return
            if keyword.arg == "sa_relationship_kwargs":
                value = keyword.value
                if not isinstance(value, ast.Dict):
                    self.obstacles.append(
                        Obstacle(
                            file,
                            call,
                            'set `"lazy": "selectin"` in these relationship arguments',
                        )
                    )
                    return
                for key, given in zip(value.keys, value.values, strict=True):
                    if isinstance(key, ast.Constant) and key.value == "lazy":
                        if isinstance(given, ast.Constant) and given.value in _LATE:
                            patch.replace(given, '"selectin"')
                        return
                start, _ = patch.span(value)
                empty = not value.keys
                patch.insert(
                    start + 1, f'"lazy": "selectin"{extra}{"" if empty else ", "}'
                )
                return
        add_argument(
            patch,
            call,
            f'sa_relationship_kwargs={{"lazy": "selectin"{extra}}}',
        )

    def _dynamics(self) -> None:
        """Report what reads dynamic relationships without asking for it."""
        dynamic = self.values.attributes.dynamic
        for file in self.patches if dynamic else ():
            for cls in file.nodes(ast.ClassDef):
                for name in self._fields(file, cls) & set(dynamic):
                    self.obstacles.append(
                        Obstacle(
                            file,
                            cls,
                            f"`{name}` is a dynamic relationship, which a response "
                            "cannot read any more: give it a list",
                        )
                    )

    def undefer(self, entries: Entries) -> None:
        """Load deferred columns with their rows where responses read them."""
        for file, cls, name, call in entries.deferred():
            patch = self.patches[file]
            if not any(
                name in self._fields(other, schema)
                for other in self.patches
                for schema in other.nodes(ast.ClassDef)
            ):
                continue
            if last(call.func) == "deferred" and call.args:
                patch.replace_span(patch.span(call)[0], patch.span(call.args[0])[0], "")
                patch.replace_span(patch.span(call.args[0])[1], patch.span(call)[1], "")
            for keyword in call.keywords:
                if keyword.arg == "deferred":
                    patch.replace(keyword.value, "False")
            self.obstacles.append(
                Obstacle(
                    file,
                    call,
                    f"`{cls.name}.{name}` is loaded with its row now: responses read it, "
                    "and cannot load it when they do",
                )
            )

    # -- generated columns -----------------------------------------------------------

    def _generated(self) -> None:
        """Have what the database computes read back with the statement that wrote it."""
        for file, patch in self.patches.items():
            if self.review.is_test(file):
                continue
            for cls in file.nodes(ast.ClassDef):
                if not any(self._is_generated(file, s) for s in cls.body):
                    continue
                if any("__mapper_args__" in _targets(s) for s in cls.body):
                    continue
                self._eager_defaults(patch, cls)

    def _is_generated(self, file: ReviewedFile, statement: ast.stmt) -> bool:
        value = getattr(statement, "value", None)
        if not isinstance(value, ast.Call) or last(value.func) not in _COLUMNS:
            return False
        for inner in ast.walk(value):
            if isinstance(inner, ast.keyword):
                if inner.arg == "server_onupdate":
                    return True
                if inner.arg == "server_default" and not self.returning:
                    return True
                if (
                    inner.arg == "onupdate"
                    and isinstance(inner.value, ast.Call)
                    and self._is_sql(file, inner.value)
                ):
                    return True
            elif isinstance(inner, ast.Call) and last(inner.func) == "Computed":
                return True
        return False

    def _is_sql(self, file: ReviewedFile, call: ast.Call) -> bool:
        function = call.func
        if isinstance(function, ast.Attribute) and last(function.value) == "func":
            return True
        return last(function) in ("text", "now", "current_timestamp")

    def _eager_defaults(self, patch: Patch, cls: ast.ClassDef) -> None:
        final = cls.body[-1]
        first = cls.body[0]
        for statement in cls.body:
            if isinstance(statement, (ast.Assign, ast.AnnAssign)):
                final = statement
        start, _ = patch.span(first)
        indent = " " * (start - (patch.source.text.rfind("\n", 0, start) + 1))
        _, end = patch.span(final)
        line_end = patch.source.text.find("\n", end)
        if line_end < 0:
            line_end = len(patch.source.text)
        patch.insert(
            line_end, f'\n{indent}__mapper_args__ = {{"eager_defaults": True}}'
        )


class Depths:
    """How many relationships are read one after the other, from one object on.

    An eager loader stops where a class comes up again on its way, unless it is told how
    deep to go.
    """

    def __init__(
        self, values: Values, patches: dict[ReviewedFile, Patch], read: set[str]
    ) -> None:
        self.review = values.review
        self.read = read
        self.recursive: set[str] = set()
        self.properties: dict[str, int] = {}
        deepest = 1
        for file in patches:
            if self.review.is_test(file):
                continue
            for function in file.functions():
                names = {
                    node.attr
                    for node in own_nodes(function)
                    if isinstance(node, ast.Attribute) and node.attr in read
                }
                if not names:
                    continue
                depth = min(len(names), _MOST_READ)
                self.properties[function.name] = max(
                    depth, self.properties.get(function.name, 0)
                )
                deepest = max(deepest, depth)
                if any(
                    isinstance(node, ast.Call)
                    and last(node.func) == function.name
                    and any(o[1] is function for o in values.callees(file, node))
                    for node in own_nodes(function)
                ):
                    self.recursive |= names
        for file in patches:
            for _, cls in self.review.classes(file):
                deepest = max(deepest, self._schema(cls, ()))
        self.deepest = deepest

    def of(self, *names: str) -> str:
        """Return the `join_depth` for relationships in a circle of classes."""
        if self.recursive.intersection(names):
            return str(_LEVELS)
        return str(self.deepest)

    def _schema(self, cls: ClassInfo, above: tuple[ClassInfo, ...]) -> int:
        atom = ClassAtom(cls, ())
        if not kinds.is_model(atom) or kinds.is_table_model(atom) or len(above) > 6:
            return 0
        deepest = 0
        for name, _, types in self.review.field_types(cls):
            hops = 1 if name in self.read else self.properties.get(name, 0)
            if not hops:
                continue
            inner = 0
            for below in kinds.all_types(types):
                if not isinstance(below, ClassAtom):
                    continue
                if below.cls is cls or below.cls in above:
                    self.recursive.add(name)
                else:
                    inner = max(inner, self._schema(below.cls, (*above, cls)))
            deepest = max(deepest, hops + inner)
        return deepest


def _reaches(edges: dict[str, set[str]], start: str, goal: str) -> bool:
    seen: set[str] = set()
    waiting = [start]
    while waiting:
        name = waiting.pop()
        if name == goal:
            return True
        if name not in seen:
            seen.add(name)
            waiting.extend(edges.get(name, ()))
    return False


def _back(call: ast.Call) -> Iterator[str]:
    for keyword in call.keywords:
        if keyword.arg == "backref":
            value: ast.expr = keyword.value
            if isinstance(value, ast.Call) and value.args:
                value = value.args[0]
            if isinstance(value, ast.Constant):
                yield str(value.value)


def _targets(statement: ast.stmt) -> set[str]:
    if isinstance(statement, ast.Assign):
        return {t.id for t in statement.targets if isinstance(t, ast.Name)}
    if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
        return {statement.target.id}
    return set()
