"""The tests as the rules of this section read them: requests, clients, assertions."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

from roadworthy.app.model import Route, Router
from roadworthy.rules import kinds
from roadworthy.rules.files import FunctionNode, ReviewedFile, own_nodes
from roadworthy.rules.handlers import Handler
from roadworthy.rules.nodes import walk
from roadworthy.rules.review import Review
from roadworthy.rules.structure.graph import imports_of
from roadworthy.rules.structure.layers import assembling_files
from roadworthy.rules.structure.modules import routing_files
from roadworthy.rules.testing.texts import (
    ANYTHING,
    Reader,
    Sources,
    Texts,
    argument_names,
    fixture_call,
    is_fixture,
)
from roadworthy.rules.trees import keyword, last_name, results
from roadworthy.values.atoms import ClassAtom, Const, Function

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_VERBS = frozenset({"get", "post", "put", "patch", "delete", "head", "options"})
WEBSOCKET = "WEBSOCKET"
_ANY = "*"
_MANY = 10
_TEST_CLIENTS = frozenset(
    {
        "fastapi.testclient.TestClient",
        "starlette.testclient.TestClient",
        "fastapi.TestClient",
    }
)
_ASYNC_CLIENTS = frozenset(
    {
        "httpx.AsyncClient",
        "httpx2.AsyncClient",
        "async_asgi_testclient.TestClient",
        "httpx.Client",
        "httpx2.Client",
    }
)
_CLIENTS = _TEST_CLIENTS | _ASYNC_CLIENTS
_HOST = re.compile(r"^[a-z]+://[^/]*")
_PARAMETER = re.compile(r"^\{[^{}]*\}$")


@dataclass(frozen=True, slots=True, eq=False)
class Request:
    """A call in the tests that sends a request."""

    file: ReviewedFile
    call: ast.Call
    methods: frozenset[str]
    """In capitals; `*` for any, `WEBSOCKET` for a connection."""
    paths: Texts
    client: frozenset[str]
    """Names of the client's class, where it is known."""


@dataclass(frozen=True, slots=True, eq=False)
class Test:
    """A test function, or a method of a test class."""

    __test__ = False

    file: ReviewedFile
    node: FunctionNode
    cls: ast.ClassDef | None


class Suite:
    """All tests of a project."""

    def __init__(self, review: Review) -> None:
        self.review = review
        self.sources = Sources(review)
        self._named = _paths_by_name(review)
        self.reader = Reader(self.sources, self._named)
        self.tests = [
            Test(file, node, cls if isinstance(cls, ast.ClassDef) else None)
            for file in review.test_files
            for node in file.nodes(ast.FunctionDef, ast.AsyncFunctionDef)
            if isinstance(node, _FUNCTIONS)
            and node.name.startswith("test")
            and not is_fixture(node)
            and isinstance(cls := file.parent(node), (ast.Module, ast.ClassDef, ast.If))
        ]
        self._clients: dict[tuple[ReviewedFile, ast.expr], frozenset[str]] = {}
        self._named_applications: dict[ReviewedFile, set[Router]] = {}
        self._requests: list[Request] | None = None
        self._requested: dict[Request, list[Route]] | None = None

    @property
    def requests(self) -> list[Request]:
        """Every request that the tests and their helpers send."""
        if self._requests is None:
            self._requests = [
                request
                for file in self.review.test_files
                for call in file.nodes(ast.Call)
                if (request := self._request(file, call)) is not None
            ]
        return self._requests

    def _request(self, file: ReviewedFile, call: ast.Call) -> Request | None:
        function = call.func
        methods: frozenset[str]
        url: ast.expr | None = keyword(call, "url")
        client: ast.expr
        if isinstance(function, ast.Attribute):
            client = function.value
            name = function.attr
            if name in _VERBS or name == "websocket_connect":
                methods = frozenset(
                    {WEBSOCKET if name == "websocket_connect" else name.upper()}
                )
                if url is None and call.args:
                    url = call.args[0]
            elif name in ("request", "stream"):
                verb = keyword(call, "method") or (call.args[0] if call.args else None)
                if url is None and len(call.args) > 1:
                    url = call.args[1]
                if verb is None or url is None:
                    return None
                methods = self._methods(file, verb)
            else:
                return None
        elif isinstance(function, ast.Call) and last_name(function.func) == "getattr":
            # getattr(client, method)(path)
            if len(function.args) < 2:
                return None
            client = function.args[0]
            methods = self._methods(file, function.args[1])
            if url is None and call.args:
                url = call.args[0]
        else:
            return None
        if url is None or isinstance(url, ast.Starred):
            return None
        if isinstance(url, ast.Constant) and not _is_path(str(url.value)):
            return None
        paths = tuple(p for p in self.reader.texts(file, url) if _is_path(p))
        if not paths:
            return None
        classes = self.client_classes(file, client)
        if not classes and all(not p.startswith(("/", "http", "ws")) for p in paths):
            # `data.get(key)`: no client, and no path that could tell.
            if not any("/" in p for p in paths):
                return None
        return Request(file, call, methods, paths, classes)

    def _methods(self, file: ReviewedFile, node: ast.expr) -> frozenset[str]:
        texts = self.reader.texts(file, node)
        return frozenset(_ANY if ANYTHING in text else text.upper() for text in texts)

    # -- clients ---------------------------------------------------------------------

    def client_classes(
        self, file: ReviewedFile, node: ast.expr, depth: int = 0
    ) -> frozenset[str]:
        """Return the names of the client classes that an expression may be one of."""
        known = self._clients.get((file, node))
        if known is not None:
            return known
        self._clients[file, node] = frozenset()
        found = frozenset(self._client_classes(file, node, depth)) & _CLIENTS
        self._clients[file, node] = found
        return found

    def is_test_client(self, classes: frozenset[str]) -> bool:
        """Whether a client is the synchronous `TestClient`."""
        return not _TEST_CLIENTS.isdisjoint(classes)

    def _client_classes(
        self, file: ReviewedFile, node: ast.expr, depth: int
    ) -> Iterator[str]:
        if depth > 6:
            return
        if isinstance(node, (ast.Await, ast.NamedExpr)):
            yield from self.client_classes(file, node.value, depth + 1)
        elif isinstance(node, ast.Call):
            value = self.review.static(file, node.func)
            for atom in kinds.known(value or ()):
                yield from self.review.names_of(atom)
                yield from kinds.lineage(atom)
            if last_name(node.func) == "enter_context" and node.args:
                yield from self.client_classes(file, node.args[0], depth + 1)
            for where, function in self.sources.functions.get(last_name(node.func), ()):
                if not is_fixture(function):
                    yield from self._of_function(where, function, depth)
        elif isinstance(node, ast.Name):
            yield from self._of_name(file, node, depth)
        elif isinstance(node, ast.Attribute):
            for cls in file.ancestors(node):
                if isinstance(cls, ast.ClassDef):
                    yield from self._of_attribute(file, cls, node.attr, depth)

    def _of_attribute(
        self, file: ReviewedFile, cls: ast.ClassDef, name: str, depth: int
    ) -> Iterator[str]:
        """Yield the classes of what a class, or one that it inherits from, keeps."""
        for inner in walk(cls):
            if isinstance(inner, ast.Assign) and any(
                last_name(t) == name for t in inner.targets
            ):
                yield from self.client_classes(file, inner.value, depth + 1)
            elif isinstance(inner, ast.AnnAssign) and (last_name(inner.target) == name):
                yield from self._annotated(file, inner.annotation)
        if depth > 4:
            return
        for base in cls.bases:
            for atom in self.review.static(file, base) or ():
                if isinstance(atom, ClassAtom):
                    outer = self.review.file_of(atom.cls.module)
                    node = self.review.class_node(atom.cls)
                    if outer is not None and node is not None:
                        yield from self._of_attribute(outer, node, name, depth + 1)

    def _of_name(self, file: ReviewedFile, node: ast.Name, depth: int) -> Iterator[str]:
        scope: ast.AST = file.scope(node)
        while isinstance(scope, _FUNCTIONS):
            if node.id in argument_names(scope):
                for argument in walk(scope.args):
                    if isinstance(argument, ast.arg) and argument.arg == node.id:
                        if argument.annotation is not None:
                            yield from self._annotated(file, argument.annotation)
                for where, fixture in self.sources.fixtures_for(file, node.id):
                    yield from self._of_function(where, fixture, depth)
                break
            scope = file.scope(scope)
        for where, given in self.sources.bound_to(file, node):
            yield from self.client_classes(where, given, depth + 1)
        if isinstance(scope, ast.Module):
            value = self.review.static(file, node)
            for atom in kinds.known(value or ()):
                yield from kinds.lineage(atom)

    def _of_function(
        self, file: ReviewedFile, function: FunctionNode, depth: int
    ) -> Iterator[str]:
        if function.returns is not None:
            for part in walk(function.returns):
                if isinstance(part, (ast.Name, ast.Attribute)):
                    yield from self._annotated(file, part)
        for value in results(function):
            yield from self.client_classes(file, value, depth + 1)

    def _annotated(self, file: ReviewedFile, annotation: ast.expr) -> Iterator[str]:
        for atom in kinds.all_types(self.review.annotation(file, annotation)):
            yield from kinds.lineage(atom)

    # -- routes ----------------------------------------------------------------------

    def requested(self) -> dict[Request, list[Route]]:
        """Return which routes each request reaches, as far as its path is known."""
        if self._requested is None:
            bases = self._bases()
            alone = self._makes_applications()
            self._requested = {}
            every = self.review.routes
            for request in self.requests:
                found: dict[Route, None] = {}
                own = self._applications(request.file)
                routes = [r for r in every if r.application in own] if own else every
                for path in request.paths:
                    reached = self._reached(request, path, routes, bases, alone)
                    if not reached and own:
                        reached = self._reached(request, path, every, bases, alone)
                    for route in reached:
                        found[route] = None
                self._requested[request] = list(found)
        return self._requested

    def tested_applications(self) -> set[Router]:
        """Return the applications some route of which the tests request."""
        return {r.application for routes in self.requested().values() for r in routes}

    def is_left_out(self, application: Router) -> bool:
        """Whether the tests are about other applications of the project alone."""
        tested = self.tested_applications()
        return bool(tested) and application not in tested

    def is_about_routes(self) -> bool:
        """Whether some test is about the application, and not of single functions alone.

        It sends a request, calls a handler, or imports the modules that make routes. A
        request in a fixture (waiting for a server to answer) makes no test of the API.
        """
        routing = routing_files(self.review) | assembling_files(self.review)
        files = {test.file for test in self.tests}
        return (
            any(
                (function := request.file.function_of(request.call)) is None
                or not is_fixture(function)
                for request in self.requests
            )
            or any(
                edge.target in routing
                for file in files
                for edge in imports_of(self.review, file)
            )
            or any(calls_directly(self, h) for h in self.review.handlers())
        )

    def is_collection(self) -> bool:
        """Whether the project is a collection of examples: many untested applications."""
        served = {route.application for route in self.review.routes}
        return len(served - self.tested_applications()) > _MANY

    def _applications(self, file: ReviewedFile) -> set[Router]:
        """Return the applications that a test file names; they get its requests."""
        known = self._named_applications.get(file)
        if known is None:
            known = self._named_applications[file] = set()
            for node in file.nodes(ast.Name):
                if isinstance(node.ctx, ast.Load):
                    value = self.review.static(file, node)
                    known.update(a for a in value or () if isinstance(a, Router))
        return known

    def _reached(
        self,
        request: Request,
        path: str,
        routes: list[Route],
        bases: list[str],
        alone: bool,
    ) -> list[Route]:
        for base in ("", *bases):
            found = _best(routes, request, _segments(base + path), whole=True)
            if found:
                return found
        if alone:
            return _best(routes, request, _segments(path), whole=False)
        return []

    def _bases(self) -> list[str]:
        """Return the path of the base URLs that the tests' clients are given."""
        found: dict[str, None] = {}
        for file in self.review.test_files:
            if not file.mentions("base_url", "root_path"):
                continue
            for call in file.nodes(ast.Call):
                for name in ("base_url", "root_path"):
                    given = keyword(call, name)
                    for text in self.reader.texts(file, given) if given else ():
                        base = _HOST.sub("", text).rstrip("/")
                        if base and ANYTHING not in base:
                            found[base] = None
        return list(found)

    def _makes_applications(self) -> bool:
        """Whether the tests put routers into applications of their own."""
        return any(
            file.mentions("include_router(", "FastAPI(", "TestClient(router")
            for file in self.review.test_files
        )

    def reads_all_routes(self) -> bool:
        """Whether some test goes over all routes there are, whatever their paths."""
        if any(file.mentions("schemathesis.") for file in self.review.test_files):
            return True
        return any(
            ANYTHING in path.partition("/")[0]
            for request in self.requests
            if request.file.mentions("app.routes", "router.routes", ".openapi()[")
            for path in request.paths
        )

    # -- tests -----------------------------------------------------------------------

    def requests_in(self, test: Test) -> list[Request]:
        """Return the requests that a test sends itself, through a known client."""
        found = []
        for request in self.requests:
            if request.file is test.file and request.client:
                if _is_inside(request.call, test.node):
                    found.append(request)
        return found

    def asserts(self, file: ReviewedFile, node: ast.AST, depth: int = 0) -> bool:
        """Whether a function, or a helper that it calls, checks anything."""
        for inner in walk(node):
            if isinstance(inner, (ast.Assert, ast.Raise)):
                return True
            if not isinstance(inner, ast.Call):
                continue
            name = last_name(inner.func)
            lowered = name.lower()
            if lowered.startswith(("assert", "expect", "verify", "check", "validate")):
                return True
            if "assert" in lowered or name in (
                "raise_for_status",
                "raises",
                "warns",
                "fail",
                "exit",
                "approx",
                "match",
            ):
                return True
            if depth < 3:
                for where, helper in self.sources.functions.get(name, ()):
                    if helper is not node and self.asserts(where, helper, depth + 1):
                        return True
        return False


def _best(
    routes: list[Route], request: Request, segments: list[str], *, whole: bool
) -> list[Route]:
    best: list[Route] = []
    highest = -1
    for route in routes:
        if not _has_method(route, request.methods):
            continue
        score = _score(segments, _segments(route.path), whole=whole)
        if score is None or score < highest:
            continue
        if score > highest:
            best, highest = [], score
        best.append(route)
    return best


def _paths_by_name(review: Review) -> dict[str, Texts]:
    found: dict[str, list[str]] = {}
    for handler in review.handlers():
        names = [handler.node.name]
        given = handler.option("name")
        for atom in given or ():
            if isinstance(atom, Const) and isinstance(atom.value, str):
                names = [atom.value]
        for route in handler.routes:
            path = re.sub(r"\{[^{}]*\}", ANYTHING, route.path)
            for name in names:
                found.setdefault(name, []).append(path)
    return {name: tuple(paths) for name, paths in found.items()}


def _is_inside(node: ast.AST, function: ast.AST) -> bool:
    line = getattr(node, "lineno", 0)
    first = getattr(function, "lineno", 0)
    return bool(first <= line <= (getattr(function, "end_lineno", 0) or first))


def _is_path(text: str) -> bool:
    return not text or text.startswith(("/", "http", "ws", ANYTHING)) or "/" in text


def _segments(path: str) -> list[str]:
    path = _HOST.sub("", path)
    path = re.split(r"[?#]", path, maxsplit=1)[0]
    return [part for part in path.split("/") if part]


def _has_method(route: Route, methods: frozenset[str]) -> bool:
    if not route.methods:
        return WEBSOCKET in methods
    if _ANY in methods:
        return True
    wanted = set(methods)
    return not wanted.isdisjoint(route.methods) or (
        "HEAD" in wanted and "GET" in route.methods
    )


def _score(
    asked: list[str], route: list[str], *, whole: bool, rest: bool = False
) -> int | None:
    """Return how well a request fits a route; None where it does not.

    A wildcard at the beginning stands for any number of segments; elsewhere for one.
    """
    leading = bool(asked) and asked[0] == ANYTHING and not rest
    if leading and len(asked) > 1:
        tail = asked[1:]
        if len(route) < len(tail):
            return None
        return _score(tail, route[len(route) - len(tail) :], whole=True, rest=True)
    if leading:
        return None
    if not whole:
        if len(route) <= len(asked) or not asked:
            return None
        route = route[len(route) - len(asked) :]
        if all(_PARAMETER.match(part) for part in route):
            return None
    total = 0
    for index, part in enumerate(route):
        if _PARAMETER.match(part) and ":path" in part:
            return total if len(asked) > index else None
        if index >= len(asked):
            return None
        fit = _fit(asked[index], part)
        if fit is None:
            return None
        total += fit
    return total if len(asked) == len(route) else None


def _fit(asked: str, part: str) -> int | None:
    parameter = "{" in part
    if ANYTHING not in asked:
        if asked == part:
            return 3
        if not parameter:
            return None
        pattern = re.sub(r"\\\{.*?\\\}", "[^/]+", re.escape(part))
        return 1 if re.fullmatch(pattern, asked) else None
    if parameter:
        return 2
    pattern = ".*".join(re.escape(piece) for piece in asked.split(ANYTHING))
    return 0 if re.fullmatch(pattern, part) else None


def suite_of(review: Review) -> Suite:
    """Return the tests of a review, read once for all rules."""
    return review.once(Suite)


def calls_directly(suite: Suite, handler: Handler) -> bool:
    """Whether a test calls the handler's function itself."""
    name = handler.node.name
    for file in suite.review.test_files:
        if not file.mentions(name):
            continue
        for call in file.nodes(ast.Call):
            if last_name(call.func) == name and any(
                isinstance(atom, Function)
                and atom.function in (handler.function, handler.atom.function)
                for atom in suite.review.static(file, call.func) or ()
            ):
                return True
    return False


__all__ = [
    "Request",
    "Suite",
    "Test",
    "calls_directly",
    "fixture_call",
    "own_nodes",
    "suite_of",
]
