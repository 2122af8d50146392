"""The model of a FastAPI application: applications, routers, routes and hooks."""

from __future__ import annotations

from dataclasses import dataclass, field

from roadworthy.syntax.code import Position, unpack
from roadworthy.values.atoms import Atom, Value
from roadworthy.values.calls import Arguments
from roadworthy.values.frames import CallKey
from roadworthy.values.program import ClassInfo, FunctionInfo, Module


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the project something is declared."""

    module: Module
    packed: int
    first_line: int

    @property
    def position(self) -> Position:
        """The span in the module's file."""
        return unpack(self.packed, self.first_line)


@dataclass(frozen=True, slots=True, eq=False)
class RouteDeclaration:
    """A path operation as declared on one router, without the prefixes above it."""

    methods: tuple[str, ...]
    path: str
    handler: Value
    place: Place
    arguments: Arguments
    kind: str = "route"
    """``route`` or ``websocket``."""


@dataclass(frozen=True, slots=True, eq=False)
class Inclusion:
    """A router included in (or an application mounted on) another."""

    child: Router
    prefix: str
    arguments: Arguments
    place: Place
    mounted: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Hook:
    """Code that the framework runs: middleware, exception handler, startup, …"""

    kind: str
    target: Value
    arguments: Arguments
    place: Place


class Router(Atom):
    """A `FastAPI`, `Starlette` or `APIRouter` object, told apart by where it is made."""

    __slots__ = (
        "arguments",
        "cls",
        "depth",
        "fields",
        "hooks",
        "inclusions",
        "order",
        "path",
        "place",
        "prefix",
        "routes",
    )

    def __init__(
        self, path: str, cls: ClassInfo | None, place: Place, arguments: Arguments
    ) -> None:
        self.path = path
        self.cls = cls
        self.place = place
        self.arguments = arguments
        self.depth = 1
        self.prefix = ""
        self.routes: list[RouteDeclaration] = []
        self.inclusions: list[Inclusion] = []
        self.order: list[RouteDeclaration | Inclusion] = []
        """Routes and inclusions as they were added, which is how they are matched."""
        self.hooks: list[Hook] = []
        self.fields: dict[str, Value] = {}

    @property
    def is_application(self) -> bool:
        """Whether this is an application rather than a router."""
        return self.path in APPLICATIONS

    def __repr__(self) -> str:
        return f"<{self.path} at {self.place.module.name}:{self.place.position.line}>"


APPLICATIONS = frozenset({"fastapi.FastAPI", "starlette.applications.Starlette"})
ROUTERS = frozenset({"fastapi.APIRouter", "starlette.routing.Router"})
METHODS = (
    "get",
    "post",
    "put",
    "patch",
    "delete",
    "options",
    "head",
    "trace",
)


@dataclass(frozen=True, slots=True, eq=False)
class Dependency:
    """A dependency as declared: on a parameter, decorator, router or application."""

    target: Value
    is_security: bool
    scopes: Value
    place: Place | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Route:
    """A path operation of an application, with everything that nesting adds."""

    application: Router
    methods: tuple[str, ...]
    path: str
    handler: Value
    declaration: RouteDeclaration
    dependencies: tuple[Value, ...]
    """Dependencies of the decorator, the routers, the inclusions and the application."""
    chain: tuple[Router, ...]
    """From the application down to the router that declares the route."""

    @property
    def label(self) -> str:
        """Method and path, as in `GET /users/{id}`."""
        methods = ",".join(self.methods) or "WEBSOCKET"
        return f"{methods} {self.path}"


@dataclass(frozen=True, slots=True, eq=False)
class LoopEntry:
    """A call that the framework makes on the event loop."""

    kind: str
    label: str
    key: CallKey
    once: bool = False
    """Runs only while the server starts or stops."""

    @property
    def function(self) -> FunctionInfo:
        """The function that is entered."""
        return self.key.function


@dataclass(slots=True)
class Application:
    """All that is known of the project's applications."""

    routers: list[Router] = field(default_factory=list)
    routes: list[Route] = field(default_factory=list)
    entries: list[LoopEntry] = field(default_factory=list)
