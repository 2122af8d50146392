"""Engines: the URL gets the asynchronous driver, and the project requires it."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from roadworthy.findings import Edit
from roadworthy.fixes.async_db.layout import add_argument
from roadworthy.fixes.async_db.operations import Obstacle, last
from roadworthy.fixes.async_db.patch import Patch
from roadworthy.fixes.async_db.requirements import Requirement, requirements
from roadworthy.fixes.async_db.values import ENGINE_MAKERS, Values
from roadworthy.rules.files import ReviewedFile

POSTGRES = {"asyncpg": "postgresql+asyncpg", "psycopg": "postgresql+psycopg"}
_SCHEME = re.compile(
    r"^(?P<quote>[a-zA-Z]{0,2}(?:\"\"\"|'''|\"|'))"
    r"(?P<scheme>sqlite(?:\+pysqlite)?|postgres(?:ql)?(?:\+psycopg2|\+pg8000)?|"
    r"(?:mysql|mariadb)(?:\+pymysql|\+mysqldb|\+mysqlconnector)?)(?=:)"
)
_READY = re.compile(r"\+(?:psycopg|asyncpg|aiosqlite|aiomysql|asyncmy)\b")
HELPER = "async_url"


class Engines:
    """The engines of a project and what they connect to."""

    def __init__(
        self,
        values: Values,
        patches: dict[ReviewedFile, Patch],
        others: Iterable[ReviewedFile],
        root: Path,
        installed: Iterable[Path],
        stays: Callable[[ReviewedFile, ast.Call], bool],
        has_twin: Callable[[ReviewedFile, ast.Call], bool],
    ) -> None:
        self.stays = stays
        """Whether the engine that a call makes stays as it is."""
        self.has_twin = has_twin
        """Whether there is a synchronous engine for the same database."""
        self.values = values
        self.review = values.review
        self.patches = patches
        self.others = tuple(others)
        """Files that the migration leaves alone, such as migrations."""
        self.root = root
        self.required = requirements(root)
        self.names = {requirement.name for requirement in self.required}
        folders = tuple(installed)
        self.postgres = self._postgres(folders)
        self.mysql = "asyncmy" if "asyncmy" in self.names else "aiomysql"
        self.obstacles: list[Obstacle] = []
        self._helpers: list[ReviewedFile] = []
        self.schemes: set[str] = set()

    def _postgres(self, installed: tuple[Path, ...]) -> str:
        """Return the asynchronous driver for PostgreSQL: one that is there already."""
        for name in ("asyncpg", "psycopg"):
            if name in self.names:
                return name
        for name in ("asyncpg", "psycopg"):
            if any((folder / name).is_dir() for folder in installed):
                return name
        return "asyncpg"

    # -- URLs ------------------------------------------------------------------------

    def calls(self) -> Iterator[tuple[ReviewedFile, ast.Call]]:
        """Yield the calls that make engines."""
        for file in self.patches:
            for call in file.nodes(ast.Call):
                if last(call.func).startswith(("create_engine", "engine_from")) or (
                    isinstance(call.func, ast.Name)
                ):
                    if self.values.names(file, call) & ENGINE_MAKERS:
                        yield file, call

    def write(self) -> None:
        """Give every engine an asynchronous driver, but those that stay synchronous."""
        order = sorted(
            (pair for pair in self.calls() if not self.stays(*pair)),
            key=lambda pair: (self.review.is_test(pair[0]), pair[0].relative),
        )
        for file, call in order:
            url = call.args[0] if call.args else None
            if url is None:
                url = next((k.value for k in call.keywords if k.arg == "url"), None)
            if url is not None:
                self._url(file, url, self.has_twin(file, call))
            self._arguments(file, call)

    def _url(self, file: ReviewedFile, url: ast.expr, has_twin: bool) -> None:
        patch = self.patches[file]
        if self._literal(patch, url):
            return
        if isinstance(url, ast.Name) and not has_twin:
            value = self._constant(file, url.id)
            if value is not None and self._literal(patch, value):
                return
        if self._is_ready(file, url):
            return
        self._wrapped(file, url)

    def _literal(self, patch: Patch, node: ast.expr) -> bool:
        if not isinstance(node, (ast.Constant, ast.JoinedStr)):
            return False
        text = patch.original(node)
        match = _SCHEME.match(text)
        if match is None:
            return bool(_READY.search(text))
        start, _ = patch.span(node)
        scheme = match["scheme"]
        new = self.driver(scheme)
        self.schemes.add(new)
        begin = start + match.start("scheme")
        patch.replace_span(begin, begin + len(scheme), new)
        return True

    def driver(self, scheme: str) -> str:
        """Return the URL scheme with an asynchronous driver."""
        base = scheme.partition("+")[0]
        if base == "sqlite":
            return "sqlite+aiosqlite"
        if base in ("postgres", "postgresql"):
            return POSTGRES[self.postgres]
        return f"{base}+{self.mysql}"

    def _constant(self, file: ReviewedFile, name: str) -> ast.expr | None:
        """Return a module's text that only its engines use."""
        found: ast.expr | None = None
        for statement in file.tree.body:
            if isinstance(statement, ast.Assign) and any(
                isinstance(t, ast.Name) and t.id == name for t in statement.targets
            ):
                if found is not None:
                    return None
                found = statement.value
            elif (
                isinstance(statement, ast.AnnAssign)
                and isinstance(statement.target, ast.Name)
                and statement.target.id == name
            ):
                found = statement.value
        if found is None:
            return None
        uses = [n for n in file.nodes(ast.Name) if n.id == name]
        if sum(isinstance(n.ctx, ast.Load) for n in uses) != 1:
            return None
        for other in (*self.patches, *self.others):
            if other is not file and _takes(other, name):
                return None
        return found

    def _is_ready(self, file: ReviewedFile, url: ast.expr) -> bool:
        """Whether a URL from the settings can only name a driver that works as it is."""
        drivers = self.names & {
            "psycopg2",
            "psycopg2-binary",
            "pymysql",
            "mysqlclient",
            "mysql-connector-python",
        }
        if drivers or not self.names & {"psycopg", "asyncpg"}:
            return False
        texts = [f.source.text for f in self.patches if f.source is not None]
        return not any("sqlite" in text or "mysql" in text for text in texts) and any(
            "postgresql+psycopg" in text or "postgresql+asyncpg" in text
            for text in texts
        )

    def _wrapped(self, file: ReviewedFile, url: ast.expr) -> None:
        patch = self.patches[file]
        if isinstance(url, ast.Call) and last(url.func) == HELPER:
            return
        patch.wrap(url, f"{HELPER}(", ")")
        if file in self._helpers:
            return
        for known in self._helpers:
            if known.module is not None and _imports(file, known.module.name):
                patch.need_from(known.module.name, HELPER)
                return
        self._helpers.append(file)
        patch.need("from sqlalchemy import URL")
        patch.need("from sqlalchemy import make_url")
        top: ast.AST = file.statement_of(url)
        for around in file.ancestors(url):
            if around in file.tree.body:
                top = around
        start, _ = patch.span(top)
        for decorator in getattr(top, "decorator_list", ()):
            start = min(start, patch.span(decorator)[0] - 1)
        self.schemes |= {
            "sqlite+aiosqlite",
            POSTGRES[self.postgres],
            f"mysql+{self.mysql}",
        }
        patch.insert(
            start,
            f"def {HELPER}(url: str | URL) -> URL:\n"
            '    """Return a database URL with the asynchronous driver of its database."""\n'
            "    parsed = make_url(url)\n"
            "    drivers = {\n"
            '        "sqlite": "sqlite+aiosqlite",\n'
            f'        "postgresql": "{POSTGRES[self.postgres]}",\n'
            f'        "postgres": "{POSTGRES[self.postgres]}",\n'
            f'        "postgresql+psycopg2": "{POSTGRES[self.postgres]}",\n'
            f'        "mysql": "mysql+{self.mysql}",\n'
            f'        "mysql+pymysql": "mysql+{self.mysql}",\n'
            f'        "mysql+mysqldb": "mysql+{self.mysql}",\n'
            f'        "mysql+mysqlconnector": "mysql+{self.mysql}",\n'
            "    }\n"
            "    return parsed.set(\n"
            "        drivername=drivers.get(parsed.drivername, parsed.drivername)\n"
            "    )\n\n\n",
        )

    def _arguments(self, file: ReviewedFile, call: ast.Call) -> None:
        patch = self.patches[file]
        for keyword in call.keywords:
            if keyword.arg == "poolclass" and last(keyword.value) in (
                "QueuePool",
                "SingletonThreadPool",
            ):
                patch.replace(keyword.value, "AsyncAdaptedQueuePool")
                patch.need("from sqlalchemy import AsyncAdaptedQueuePool")
            elif keyword.arg in ("creator", "executemany_mode", "client_encoding"):
                self.obstacles.append(
                    Obstacle(
                        file,
                        keyword.value,
                        f"`{keyword.arg}` is meant for the synchronous driver",
                    )
                )

    def no_pool(self, file: ReviewedFile, call: ast.Call) -> None:
        """Have a tests' engine keep no connections: each event loop opens its own."""
        if any(k.arg in ("poolclass", None) for k in call.keywords):
            return
        patch = self.patches[file]
        if call.args and ":memory:" in patch.original(call.args[0]):
            return
        if call.args and re.fullmatch(r".sqlite://.?", patch.original(call.args[0])):
            return
        add_argument(patch, call, "poolclass=NullPool")
        patch.need("from sqlalchemy.pool import NullPool")

    # -- requirements ----------------------------------------------------------------

    def requirement_edits(self, keeps_sync: bool) -> list[Edit]:
        """Return the edits that require the asynchronous drivers.

        `keeps_sync` says that something left synchronous, such as migrations, still
        needs the synchronous drivers.
        """
        found: list[Edit] = []
        done: set[str] = set()
        replaced = {
            "psycopg2": self.postgres,
            "psycopg2-binary": self.postgres,
            "pymysql": self.mysql,
            "mysqlclient": self.mysql,
            "mysql-connector-python": self.mysql,
        }
        for requirement in self.required:
            new = replaced.get(requirement.name)
            if new is None or new in self.names:
                continue
            # aiomysql brings PyMySQL along.
            keep = keeps_sync and not (
                requirement.name == "pymysql" and self.mysql == "aiomysql"
            )
            edit = self._required(requirement, new, keep)
            if edit is not None:
                found.append(edit)
                done.add(new)
        base = next(
            (
                r
                for name in ("sqlalchemy", "sqlmodel", "fastapi")
                for r in self.required
                if r.name == name
            ),
            None,
        )
        if base is None:
            return found
        wanted = []
        if "greenlet" not in self.names and not any(
            r.name == "sqlalchemy" and "asyncio" in r.text for r in self.required
        ):
            wanted.append("sqlalchemy[asyncio]")
        if "sqlite+aiosqlite" in self.schemes and "aiosqlite" not in self.names:
            if self._uses_sqlite():
                wanted.append("aiosqlite")
        edit = self._added(base, wanted)
        if edit is not None:
            found.append(edit)
        return found

    def _uses_sqlite(self) -> bool:
        return any(
            file.source is not None and "sqlite" in file.source.text
            for file in (*self.patches, *self.others)
        ) or not (
            self.names & {"psycopg2", "psycopg2-binary", "pymysql", "mysqlclient"}
        )

    def _line(self, requirement: Requirement) -> str:
        text = (self.root / requirement.path).read_text(encoding="utf-8")
        return text.splitlines()[requirement.line - 1]

    def _required(self, requirement: Requirement, new: str, keep: bool) -> Edit | None:
        line = self._line(requirement)
        shown = "psycopg[binary]" if new == "psycopg" else new
        at = line.find(requirement.text)
        if at < 0:
            return None
        end = at + len(requirement.text)
        if requirement.quoted and line[:at].strip() == "":
            # A key of one of Poetry's tables.
            indent = line[:at]
            added = f'{indent}{new} = "*"'
            text = f"{line}\n{added}" if keep else added
            return Edit(
                requirement.path,
                requirement.line,
                1,
                requirement.line,
                len(line) + 1,
                text,
            )
        if not keep:
            return Edit(
                requirement.path,
                requirement.line,
                at + 1,
                requirement.line,
                end + 1,
                shown,
            )
        return self._added(requirement, [shown])

    def _poetry_extra(
        self, beside: Requirement, line: str, names: list[str]
    ) -> Edit | None:
        """Add an extra to a requirement in one of Poetry's tables."""
        match = re.match(r"(\s*[\w.-]+\s*=\s*)(\"[^\"]*\"|'[^']*')\s*(?=#|$)", line)
        if match is None:
            return None
        more = "".join(f'\n{n} = "*"' for n in names if "[" not in n)
        text = (
            f'{match[1]}{{version = {match[2]}, extras = ["asyncio"]}}'
            f"{line[match.end():]}{more}"
        )
        return Edit(beside.path, beside.line, 1, beside.line, len(line) + 1, text)

    def _added(self, beside: Requirement, names: list[str]) -> Edit | None:
        if not names:
            return None
        line = self._line(beside)
        at = line.find(beside.text)
        if beside.quoted and line[:at].strip() == "":
            own = [n for n in names if n.partition("[")[0] == beside.name]
            if own:
                return self._poetry_extra(beside, line, names)
            shown = [
                f'{n.partition("[")[0]} = '
                + (
                    f'{{version = "*", extras = ["{n.partition("[")[2][:-1]}"]}}'
                    if "[" in n
                    else '"*"'
                )
                for n in names
                if n.partition("[")[0] != beside.name
            ]
            if not shown:
                return None
            text = "".join(f"\n{line[:at]}{s}" for s in shown)
            return Edit(
                beside.path,
                beside.line,
                len(line) + 1,
                beside.line,
                len(line) + 1,
                text,
            )
        if beside.quoted:
            quote = line[at - 1]
            end = at + len(beside.text) + 1
            alone = line[: at - 1].strip() == ""
            if beside.name == "sqlalchemy" and "sqlalchemy[asyncio]" in names:
                names = [n for n in names if n != "sqlalchemy[asyncio]"]
                stem = re.match(r"[A-Za-z]+(\[[^\]]*\])?", beside.text)
                assert stem is not None
                rest = beside.text[stem.end() :]
                extras = (stem.group(1) or "[]")[1:-1]
                extras = ",".join(x for x in (extras, "asyncio") if x)
                head = stem.group(0).partition("[")[0]
                shown_text = f"{head}[{extras}]{rest}"
                more = "".join(f", {quote}{n}{quote}" for n in names)
                if alone:
                    more = "".join(
                        f",\n{line[:at - 1]}{quote}{n}{quote}" for n in names
                    )
                return Edit(
                    beside.path,
                    beside.line,
                    at + 1,
                    beside.line,
                    end + 1,
                    f"{shown_text}{quote}{more}",
                )
            joint = f",\n{line[:at - 1]}" if alone else ", "
            text = "".join(f"{joint}{quote}{n}{quote}" for n in names)
            return Edit(beside.path, beside.line, end + 1, beside.line, end + 1, text)
        text = "".join(f"\n{n}" for n in names if n != "sqlalchemy[asyncio]")
        stem = re.match(r"[\w.-]+(\[[^\]]*\])?", beside.text)
        if (
            beside.name != "sqlalchemy"
            or stem is None
            or len(names) == text.count("\n")
        ):
            text = "".join(f"\n{n}" for n in names)
            end = len(line) + 1
            return Edit(beside.path, beside.line, end, beside.line, end, text)
        extras = ",".join(x for x in ((stem[1] or "[]")[1:-1], "asyncio") if x)
        start = at + len(stem[0].partition("[")[0])
        changed = f"{line[:start]}[{extras}]{line[at + stem.end():]}{text}"
        return Edit(beside.path, beside.line, 1, beside.line, len(line) + 1, changed)


def _takes(file: ReviewedFile, name: str) -> bool:
    """Whether a file takes a name from another module."""
    imported = {
        alias.name
        for statement in file.nodes(ast.ImportFrom)
        for alias in statement.names
    }
    if name in imported:
        return True
    if "*" in imported and any(node.id == name for node in file.nodes(ast.Name)):
        return True
    return any(node.attr == name for node in file.nodes(ast.Attribute))


def _imports(file: ReviewedFile, module: str) -> bool:
    """Whether a file imports names from a module already."""
    return any(statement.module == module for statement in file.nodes(ast.ImportFrom))
