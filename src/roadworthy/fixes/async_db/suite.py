"""The tests: their clients, fixtures and mocks on an event loop of their own."""

from __future__ import annotations

import ast

from roadworthy.fixes.async_db.colour import Colours
from roadworthy.fixes.async_db.engines import Engines
from roadworthy.fixes.async_db.operations import Colouring, Obstacle, last
from roadworthy.fixes.async_db.patch import Patch
from roadworthy.fixes.async_db.renaming import RENAMED
from roadworthy.fixes.async_db.requirements import pytest_options
from roadworthy.fixes.async_db.startup import Startup
from roadworthy.fixes.async_db.values import (
    Values,
    bindings,
    fixture_name,
    parameters,
)
from roadworthy.rules.files import FunctionNode, ReviewedFile

_BASE_URL = '"http://testserver"'
_MOCKS = frozenset({"MagicMock", "Mock"})


def needs_async_clients(values: Values, colouring: Colouring) -> bool:
    """Whether tests that await something send requests, too.

    `TestClient` runs the application in a loop of its own thread; what an asynchronous
    fixture made belongs to another one.
    """
    has_client = any(
        values.kind(file, call) == "client"
        for file in values.review.test_files
        for call in file.nodes(ast.Call)
        if last(call.func) == "TestClient" or isinstance(call.func, ast.Name)
    )
    return has_client and any(
        values.review.is_test(file) and _is_run_by_pytest(node)
        for node, file in colouring.functions.items()
    )


def _is_run_by_pytest(node: FunctionNode) -> bool:
    return node.name.startswith("test") or fixture_name(node) is not None


class Suite:
    """Writes what pytest needs to run the tests on an event loop."""

    def __init__(
        self,
        values: Values,
        colours: Colours,
        colouring: Colouring,
        patches: dict[ReviewedFile, Patch],
        startup: Startup,
        client: str,
    ) -> None:
        self.values = values
        self.review = values.review
        self.colours = colours
        self.colouring = colouring
        self.patches = patches
        self.startup = startup
        self.client = client
        self.obstacles: list[Obstacle] = []

    def write(self, engines: Engines) -> None:
        """Write clients, marks and fixtures."""
        files = [file for file in self.patches if self.review.is_test(file)]
        if not files:
            return
        for file in files:
            if self.colours.clients:
                self._clients(file)
            self._mocks(file)
        if not self.colours.clients:
            self._loops(files, engines)
        if any(
            self.review.is_test(file) and _is_run_by_pytest(node)
            for node, file in self.colouring.functions.items()
        ):
            self._plugin(files)

    # -- clients ---------------------------------------------------------------------

    def _clients(self, file: ReviewedFile) -> None:
        patch = self.patches[file]
        for call in file.nodes(ast.Call):
            if self.values.kind(file, call) == "client" and (
                any(n.endswith("TestClient") for n in self.values.names(file, call))
            ):
                self._client(file, patch, call)
        for attribute in file.nodes(ast.Attribute):
            if attribute.attr == "websocket_connect" and (
                self.values.kind(file, attribute.value) == "client"
            ):
                self.obstacles.append(
                    Obstacle(
                        file,
                        attribute,
                        "`httpx.AsyncClient` has no websockets: give this test a "
                        "`TestClient` of its own",
                    )
                )

    def _client(self, file: ReviewedFile, patch: Patch, call: ast.Call) -> None:
        application = call.args[0] if call.args else None
        base = None
        transport = ""
        rest: list[str] = []
        if len(call.args) > 1:
            base = patch.original(call.args[1])
        follows = "True"
        for keyword in call.keywords:
            shown = patch.original(keyword.value)
            if keyword.arg == "app":
                application = keyword.value
            elif keyword.arg == "base_url":
                base = shown
            elif keyword.arg == "raise_server_exceptions":
                transport = f", raise_app_exceptions={shown}"
            elif keyword.arg == "client":
                transport += f", client={shown}"
            elif keyword.arg == "root_path":
                transport += f", root_path={shown}"
            elif keyword.arg == "follow_redirects":
                follows = shown
            elif keyword.arg in ("headers", "cookies"):
                rest.append(f"{keyword.arg}={shown}")
        if application is None:
            return
        shown = patch.original(application)
        arguments = [
            f"transport=ASGITransport(app={shown}{transport})",
            f"base_url={base or _BASE_URL}",
            f"follow_redirects={follows}",
            *rest,
        ]
        text = f"AsyncClient({', '.join(arguments)})"
        item = file.parent(call)
        if isinstance(item, ast.withitem) and self.startup.has_lifespan:
            text = f"{shown}.router.lifespan_context({shown}), {text}"
        patch.replace(call, text)
        patch.need(f"from {self.client} import ASGITransport")
        patch.need(f"from {self.client} import AsyncClient")

    # -- the plugin ------------------------------------------------------------------

    def _plugin(self, files: list[ReviewedFile]) -> None:
        options = pytest_options(self.review.settings.folder)
        automatic = options.get("asyncio_mode") == "auto"
        if automatic:
            if options.get("asyncio_default_test_loop_scope") != "session":
                self.obstacles.append(
                    Obstacle(
                        files[0],
                        files[0].tree,
                        'set `asyncio_default_fixture_loop_scope = "session"` and '
                        '`asyncio_default_test_loop_scope = "session"` for pytest: the '
                        "engine's connections belong to one event loop",
                    )
                )
            return
        for file in files:
            self._mark(file)
        self._backend(files)

    def _mark(self, file: ReviewedFile) -> None:
        """Mark the asynchronous tests of a file."""
        tests = [
            node
            for node, other in self.colouring.functions.items()
            if other is file
            and node.name.startswith("test")
            and fixture_name(node) is None
        ]
        if not tests:
            return
        patch = self.patches[file]
        patch.need("import pytest")
        marked = any(
            isinstance(s, ast.Assign)
            and any(isinstance(t, ast.Name) and t.id == "pytestmark" for t in s.targets)
            for s in file.tree.body
        )
        if marked:
            for node in tests:
                start, _ = patch.span(node)
                for decorator in node.decorator_list:
                    at = patch.source.text.rindex("@", 0, patch.span(decorator)[0])
                    start = min(start, at)
                column = start - (patch.source.text.rfind("\n", 0, start) + 1)
                patch.insert(start, f"@pytest.mark.anyio\n{' ' * column}")
            return
        patch.insert(self._below_imports(file), "\n\npytestmark = pytest.mark.anyio\n")

    def _below_imports(self, file: ReviewedFile) -> int:
        patch = self.patches[file]
        end = 0
        for statement in file.tree.body:
            if isinstance(statement, (ast.Import, ast.ImportFrom)) or (
                isinstance(statement, ast.Expr)
                and isinstance(statement.value, ast.Constant)
                and not end
            ):
                end = patch.span(statement)[1]
            elif end:
                break
        following = patch.source.text.find("\n", end)
        return len(patch.source.text) if following < 0 else following

    def _backend(self, files: list[ReviewedFile]) -> None:
        """Give all tests one event loop, as the engine's connections belong to one."""
        if any(
            node.name == "anyio_backend" for file in files for node in file.functions()
        ):
            return
        conftests = [f for f in files if f.relative.endswith("conftest.py")]
        conftests.sort(key=lambda f: f.relative.count("/"))
        wanted = conftests[:1] or [
            file
            for file in files
            if any(
                other is file and _is_run_by_pytest(node)
                for node, other in self.colouring.functions.items()
            )
        ]
        session_wide = any(
            fixture_name(node) is not None and _scope(node) == "session"
            for node, file in self.colouring.functions.items()
            if self.review.is_test(file)
        )
        for file in wanted:
            patch = self.patches[file]
            patch.need("import pytest")
            text = (
                '\n\n\n@pytest.fixture(scope="session")\n'
                "def anyio_backend() -> str:\n"
                '    return "asyncio"\n'
            )
            engine = self.startup.engine
            if engine is not None and not session_wide and engine[0].module is not None:
                name = engine[1]
                if any(name in file.local_names(f) for f in file.functions()) or any(
                    isinstance(s, ast.Assign)
                    and any(isinstance(t, ast.Name) and t.id == name for t in s.targets)
                    for s in file.tree.body
                ):
                    patch.need(
                        f"from {engine[0].module.name} import {name} as app_engine"
                    )
                    name = "app_engine"
                else:
                    patch.need(f"from {engine[0].module.name} import {name}")
                patch.need("from collections.abc import AsyncIterator")
                text += (
                    '\n\n@pytest.fixture(scope="session", autouse=True)\n'
                    "async def one_event_loop(anyio_backend: str) -> AsyncIterator[None]:\n"
                    '    """Keep one event loop for all tests: the engine\'s connections '
                    'belong to it."""\n'
                    "    yield\n"
                    f"    await {name}.dispose()\n"
                )
            patch.insert(self._below_imports(file), text)
        self._autouse(files)

    def _autouse(self, files: list[ReviewedFile]) -> None:
        """Have asynchronous fixtures that every test uses ask for the event loop."""
        if not any(
            node.name.startswith("test")
            and isinstance(node, ast.FunctionDef)
            and node not in self.colouring.functions
            for file in files
            for node in file.functions()
        ):
            return
        for node, file in self.colouring.functions.items():
            if not self.review.is_test(file) or fixture_name(node) is None:
                continue
            if any(a.arg == "anyio_backend" for a, _ in parameters(node)):
                continue
            patch = self.patches[file]
            first = next(iter((*node.args.posonlyargs, *node.args.args)), None)
            if isinstance(file.parent(node), ast.ClassDef) and first is not None:
                # The instance, or the class, comes before what the fixture asks for.
                patch.insert(patch.span(first)[1], ", anyio_backend: str")
                continue
            start, _ = patch.span(node)
            at = patch.source.text.index("(", start) + 1
            has = any(True for _ in parameters(node))
            patch.insert(at, "anyio_backend: str" + (", " if has else ""))

    # -- tests that stay synchronous -------------------------------------------------

    def _loops(self, files: list[ReviewedFile], engines: Engines) -> None:
        """Prepare engines and clients of tests that stay on `TestClient`'s loops."""
        for file, call in engines.calls():
            if self.review.is_test(file):
                engines.no_pool(file, call)
        if not self.startup.adds_lifespan:
            return
        for file in files:
            self._module_client(file)

    def _module_client(self, file: ReviewedFile) -> None:
        """Enter a module's client for its tests: one loop, and the lifespan is run."""
        for statement in file.tree.body:
            if not (isinstance(statement, ast.Assign) and len(statement.targets) == 1):
                continue
            target = statement.targets[0]
            if not isinstance(target, ast.Name) or not isinstance(
                statement.value, ast.Call
            ):
                continue
            if self.values.kind(file, statement.value) != "client":
                continue
            patch = self.patches[file]
            patch.need("import pytest")
            patch.need("from collections.abc import Iterator")
            patch.insert(
                patch.span(statement)[1],
                '\n\n\n@pytest.fixture(scope="module", autouse=True)\n'
                "def running_application() -> Iterator[None]:\n"
                f"    with {target.id}:\n"
                "        yield\n",
            )
            return

    # -- mocks -----------------------------------------------------------------------

    def _mocks(self, file: ReviewedFile) -> None:
        patch = self.patches[file]
        for call in file.nodes(ast.Call):
            if last(call.func) not in ("patch", "setattr") or not call.args:
                continue
            target = call.args[0]
            if not (isinstance(target, ast.Constant) and isinstance(target.value, str)):
                continue
            renamed = self._patched(target.value)
            if renamed is None:
                continue
            text = patch.original(target)
            name = target.value.rpartition(".")[2]
            at = text.rindex(name)
            start, _ = patch.span(target)
            patch.replace_span(start + at, start + at + len(name), renamed)
            given = [k.value for k in call.keywords if k.arg in ("return_value", "new")]
            for value in given:
                if isinstance(value, ast.Name):
                    self._mock(file, value)

    def _patched(self, dotted: str) -> str | None:
        """Return what a patched class is called now."""
        module, _, name = dotted.rpartition(".")
        for file in self.patches:
            if file.module is None or file.module.name != module:
                continue
            for statement in file.nodes(ast.ImportFrom):
                for alias in statement.names:
                    if (alias.asname or alias.name) == name:
                        path = f"{statement.module}.{alias.name}"
                        if path in RENAMED:
                            return RENAMED[path][0]
        return None

    def _mock(self, file: ReviewedFile, name: ast.Name) -> None:
        """Make a mocked session's methods awaitable."""
        patch = self.patches[file]
        scope = file.scope(name)
        for value in bindings(file, scope, name.id):
            if isinstance(value, ast.Call) and last(value.func) in _MOCKS:
                patch.replace(value.func, "AsyncMock")
                patch.need("from unittest.mock import AsyncMock")
        for node in ast.walk(scope):
            if (
                isinstance(node, ast.Attribute)
                and isinstance(node.value, ast.Name)
                and node.value.id == name.id
                and node.attr in ("__enter__", "__exit__")
            ):
                _, end = patch.span(node)
                patch.replace_span(
                    end - len(node.attr), end, node.attr.replace("__e", "__ae")
                )


def _scope(node: FunctionNode) -> str:
    for decorator in node.decorator_list:
        if isinstance(decorator, ast.Call):
            for keyword in decorator.keywords:
                if keyword.arg == "scope" and isinstance(keyword.value, ast.Constant):
                    return str(keyword.value.value)
    return "function"


__all__ = ["Suite", "needs_async_clients"]
